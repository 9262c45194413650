package jangter.coupon;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jangter.coupon.api.CouponCommand.IssueCoupons.Claim;
import jangter.coupon.api.CouponCommand.LaunchCampaign;
import jangter.coupon.api.CouponRefusal;
import jangter.kernel.CampaignId;
import jangter.kernel.CouponId;
import jangter.kernel.RefusedException;
import jangter.platform.Shop;
import jangter.platform.http.Attempt;
import jangter.platform.http.Caller;
import jangter.platform.http.Once;
import jangter.platform.http.Page;
import jangter.platform.http.PageRequest;
import jangter.platform.http.Staff;
import jangter.platform.messaging.Asked;
import jangter.platform.messaging.Commands;
import jangter.platform.mongo.Databases;
import java.net.URI;
import java.util.Map;
import java.util.stream.Collectors;
import org.axonframework.messaging.MetaData;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** Campaigns: staff launch them, anyone looks at them, customers come for their coupons. */
@RestController
@RequestMapping("/campaigns")
@Tag(name = "Campaigns")
class CampaignController {

    private final CampaignViews campaigns;
    private final Commands commands;
    private final CouponDrop drop;
    private final Once once;
    private final Shop shop;

    CampaignController(CampaignViews campaigns, Commands commands, CouponDrop drop, Databases databases, Shop shop) {
        this.campaigns = campaigns;
        this.commands = commands;
        this.drop = drop;
        this.once = databases.of(CouponService.NAME).once();
        this.shop = shop;
    }

    @PostMapping
    @Operation(summary = "Launch a campaign (staff)")
    @ApiResponse(responseCode = "201", description = "It is launched.")
    Mono<ResponseEntity<CampaignDetails>> launch(Staff staff, Attempt attempt, @RequestBody CampaignRequest request) {
        CampaignId id = CampaignId.of(attempt.uuid("campaign"));
        LaunchCampaign launch = request.launch(id);
        if (!shop.tradesIn(launch.discount().limit())) {
            throw CouponRefusal.OTHER_CURRENCY.because("The shop trades in " + shop.currency() + ".");
        }
        var launched = new CampaignDetails(id, launch.name(), launch.discount(), launch.quantity(), launch.quantity(), launch.window(),
                launch.validFor());
        return once.answer(attempt, request, CampaignDetails.class, () -> commands.send(launch)
                .thenReturn(ResponseEntity.created(URI.create("/campaigns/" + id)).body(launched)));
    }

    @GetMapping
    @Operation(summary = "All campaigns, those launched last first")
    Mono<Page<CampaignDetails>> page(PageRequest request) {
        return campaigns.page(request);
    }

    @GetMapping("/{id}")
    @Operation(summary = "One campaign")
    Mono<CampaignDetails> show(@PathVariable CampaignId id) {
        return campaigns.findSoon(id)
                .switchIfEmpty(Mono.error(() -> CouponRefusal.UNKNOWN_CAMPAIGN.because("There is no such campaign.")));
    }

    @PostMapping("/{id}/coupons")
    @Operation(summary = "Come for one of the campaign's coupons: first come, first served, and one to a customer")
    @ApiResponse(responseCode = "201", description = "It is yours.")
    Mono<ResponseEntity<IssuedCoupon>> issue(Caller caller, Attempt attempt, @PathVariable CampaignId id) {
        Mono<ResponseEntity<IssuedCoupon>> come = Mono.defer(() -> come(caller, attempt, id));
        // of a campaign that is over the answer is known; but who asked before under the same key gets the answer of that time
        return drop.refusal(id, caller.id())
                .map(refusal -> once.knows(attempt).flatMap(known -> known ? come : Mono.error(new RefusedException(refusal))))
                .orElse(come);
    }

    private Mono<ResponseEntity<IssuedCoupon>> come(Caller caller, Attempt attempt, CampaignId id) {
        CouponId coupon = CouponId.of(attempt.uuid("coupon"));
        return once.answer(attempt, id, IssuedCoupon.class, () -> Mono
                .deferContextual(context -> drop.come(id, new Claim(coupon, caller.id(), onBehalf(context))))
                .map(expiresAt -> new IssuedCoupon(coupon, expiresAt)).defaultIfEmpty(new IssuedCoupon(coupon, null))
                .map(issued -> ResponseEntity.status(HttpStatus.CREATED).body(issued)));
    }

    private static Map<String, String> onBehalf(ContextView context) {
        return Asked.in(context).map(Asked::metaData).orElse(MetaData.emptyInstance()).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, told -> told.getValue().toString()));
    }
}
