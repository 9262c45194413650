package jangter.coupon;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jangter.kernel.CampaignId;
import jangter.kernel.InvalidValueException;
import jangter.kernel.Refusal;
import jangter.platform.http.Attempt;
import jangter.platform.http.EarlyAnswers;
import jangter.platform.http.Identity;
import java.util.Optional;
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
 * they say: both may be known by anyone, and most of a rush comes too early or too late. Whoever says to be somebody who has a coupon of a
 * campaign that is over, or asks under an idempotency key, goes on, and is looked at like everyone.
 */
@Component
class ClosedCampaigns implements WebFilter, Ordered {

    private static final PathPattern COUPONS = PathPatternParser.defaultInstance.parse("/campaigns/{id}/coupons");

    private final CouponDrop drop;
    private final Identity identity;
    private final EarlyAnswers answers;
    private final Counter full;

    ClosedCampaigns(CouponDrop drop, Identity identity, EarlyAnswers answers, MeterRegistry meters) {
        this.drop = drop;
        this.identity = identity;
        this.answers = answers;
        this.full = meters.counter("jangter.http.shed", "reason", "campaign");
    }

    /** After those filters that trace and shed, before those that authenticate. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE + 2;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        Optional<CampaignId> campaign = campaign(exchange.getRequest());
        if (campaign.filter(drop::isFull).isPresent()) {
            full.increment();
            return answers.overloaded(exchange);
        }
        return campaign.flatMap(id -> refusal(id, exchange.getRequest())).map(refusal -> answers.refused(exchange, refusal))
                .orElseGet(() -> chain.filter(exchange));
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
