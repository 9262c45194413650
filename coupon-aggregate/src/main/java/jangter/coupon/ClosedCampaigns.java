package jangter.coupon;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jangter.kernel.CampaignId;
import jangter.kernel.InvalidValueException;
import jangter.kernel.Refusal;
import jangter.platform.http.Attempt;
import jangter.platform.http.EarlyAnswers;
import jangter.platform.http.Identity;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Mono;

/**
 * Turns those away who come for a coupon of a campaign that is over, or for which too many wait, before it is looked at whether they are who
 * they say: both may be known by anyone, and most of a rush comes too early or too late. Likewise those for whom {@link OthersFirst} leaves no room. Whoever says to be somebody who has a coupon of a
 * campaign that is over, or asks under an idempotency key, goes on, and is looked at like everyone.
 */
@Component
class ClosedCampaigns implements WebFilter, Ordered {

    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final Duration AT_ONCE = Duration.ofSeconds(1);
    private static final Duration SOONEST = Duration.ofSeconds(10);
    private static final int SPREAD_SECONDS = 20;
    private static final PathPattern COUPONS = PathPatternParser.defaultInstance.parse(CouponService.COUPONS);

    private final CouponDrop drop;
    private final Identity identity;
    private final EarlyAnswers answers;
    private final OthersFirst others;
    private final Supplier<UUID> nonces;
    private final Counter full;
    private final Counter besideOthers;

    ClosedCampaigns(CouponDrop drop, Identity identity, EarlyAnswers answers, OthersFirst others, Supplier<UUID> nonces, MeterRegistry meters) {
        this.drop = drop;
        this.identity = identity;
        this.answers = answers;
        this.others = others;
        this.nonces = nonces;
        this.full = meters.counter("jangter.http.shed", "reason", "campaign");
        this.besideOthers = meters.counter("jangter.http.shed", "reason", "others-first");
    }

    /** After those filters that trace and shed, before those that authenticate. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE + 2;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        Optional<CampaignId> campaign = campaign(request);
        if (campaign.isEmpty()) {
            if (!READING.contains(request.getMethod())) {
                others.otherCame();
            }
            return chain.filter(exchange);
        }
        Optional<Refusal> refusal = refusal(campaign.get(), request);
        if (refusal.isPresent()) {
            return answers.refused(exchange, refusal.get());
        }
        if (drop.isFull(campaign.get())) {
            full.increment();
            return answers.overloaded(exchange, AT_ONCE);
        }
        if (!others.letIn()) {
            besideOthers.increment();
            return answers.overloaded(exchange, later());
        }
        return chain.filter(exchange);
    }

    /** Not all at the same time, and when most of it is over. */
    private Duration later() {
        return SOONEST.plusSeconds(Math.floorMod(nonces.get().hashCode(), SPREAD_SECONDS));
    }

    /** Of which campaign a coupon is asked for. */
    private static Optional<CampaignId> campaign(ServerHttpRequest request) {
        PathPattern.PathMatchInfo asked = HttpMethod.POST.equals(request.getMethod())
                ? COUPONS.matchAndExtract(request.getPath().pathWithinApplication()) : null;
        try {
            return Optional.ofNullable(asked).map(match -> new CampaignId(match.getUriVariables().get("id")));
        } catch (InvalidValueException nonsense) {
            return Optional.empty();
        }
    }

    private Optional<Refusal> refusal(CampaignId campaign, ServerHttpRequest request) {
        return Attempt.isKeyed(request) || !drop.isOver(campaign) ? Optional.empty()
                : identity.claimedBy(request).flatMap(customer -> drop.refusal(campaign, customer));
    }
}
