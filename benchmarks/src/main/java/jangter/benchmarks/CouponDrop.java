package jangter.benchmarks;

import jangter.benchmarks.Measurement.Round;
import jangter.coupon.api.CouponCommand.IssueCoupon;
import jangter.coupon.api.CouponCommand.LaunchCampaign;
import jangter.coupon.api.Discount;
import jangter.coupon.api.Window;
import jangter.kernel.CampaignId;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.Money;
import jangter.kernel.Name;
import jangter.kernel.Quantity;
import jangter.kernel.RefusedException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import reactor.core.publisher.Mono;

/** First come, first served: everyone at once for few coupons, callers one after the other for many, and those who come when none is left. */
final class CouponDrop {

    private static final int MANY_CUSTOMERS = 10_000;
    private static final int FEW_COUPONS = 1_000;
    private static final int MANY_COUPONS = 20_000;
    private static final int CALLERS = 64;
    private static final int STEADY_PER_SECOND = 5_000;

    private final Shop shop;
    private final Options options;
    private final String run;
    private final Instant start;
    private final PrintStream out;
    private int campaigns;

    CouponDrop(Shop shop, Options options, String run, Instant start, PrintStream out) {
        this.shop = shop;
        this.options = options;
        this.run = run;
        this.start = start;
        this.out = out;
    }

    List<Measurement> measure() {
        shop.passes().expect(IntStream.range(0, MANY_COUPONS).mapToObj(this::customer));
        warmUp();
        return List.of(
                rounds("coupons at once", FEW_COUPONS, campaign -> Load.closed(MANY_CUSTOMERS, MANY_CUSTOMERS, overHttp(campaign))),
                rounds("coupons 64", MANY_COUPONS, campaign -> Load.closed(CALLERS, MANY_COUPONS, overHttp(campaign))),
                rounds("coupons steady", MANY_COUPONS, campaign -> Load.open(STEADY_PER_SECOND, MANY_COUPONS, overHttp(campaign))),
                rounds("coupons gone", 1, campaign -> Load.closed(CALLERS, MANY_COUPONS, overHttp(campaign))),
                rounds("coupons bus 64", MANY_COUPONS, campaign -> Load.closed(CALLERS, MANY_COUPONS, overBus(campaign))));
    }

    private void warmUp() {
        while (shop.process() != null && shop.cpu().toSeconds() < options.warmUp()) {
            CampaignId campaign = launch(MANY_COUPONS);
            Load.closed(CALLERS, MANY_COUPONS / 2, overHttp(campaign));
            Load.closed(CALLERS, MANY_COUPONS / 2, overBus(campaign));
        }
    }

    private Measurement rounds(String name, int coupons, Function<CampaignId, Load.Taken> taking) {
        List<Round> rounds = new ArrayList<>();
        for (int i = 0; i < options.rounds(); i++) {
            CampaignId campaign = launch(coupons);
            Duration before = shop.cpu();
            Load.Taken taken = taking.apply(campaign);
            shop.rest();
            Round round = new Round(taken, shop.cpu().minus(before).toNanos() / 1e6);
            rounds.add(round);
            out.printf("  %s, round %d: %,.0f/s %s%n", name, i + 1, round.perSecond(), taken.outcomes());
        }
        return Measurement.of(name, "jangter", shop.durability(), rounds, Turns.machineLoad());
    }

    private CampaignId launch(int coupons) {
        CampaignId campaign = CampaignId.of(uuid("campaign " + campaigns++));
        shop.bus().send(new LaunchCampaign(campaign, new Name("Drop"), new Discount.Fixed(Money.of(100, "KRW")), new Quantity(coupons),
                new Window(start.minusSeconds(60), start.plus(Duration.ofDays(1))), Duration.ofDays(30))).block();
        shop.rest();
        return campaign;
    }

    private IntFunction<Mono<String>> overHttp(CampaignId campaign) {
        return number -> shop.door().post(headers -> shop.passes().asCustomer(headers, customer(number)), "/campaigns/" + campaign + "/coupons", null)
                .map(answer -> answer.isGood() ? "issued" : answer.body().replaceAll(".*\"code\":\"([^\"]*)\".*", "$1"));
    }

    private IntFunction<Mono<String>> overBus(CampaignId campaign) {
        return number -> shop.bus().send(new IssueCoupon(campaign, CouponId.of(uuid(campaign + "/" + number)), new CustomerId(customer(number))))
                .thenReturn("issued").onErrorResume(RefusedException.class, refused -> Mono.just(refused.refusal().code()));
    }

    private String customer(int number) {
        return "bench-" + run + "-drop-" + number;
    }

    private UUID uuid(String thing) {
        return UUID.nameUUIDFromBytes((run + "/drop/" + thing).getBytes(StandardCharsets.UTF_8));
    }
}
