package jangter.coupon;

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
 * Turns those away who come for a coupon of a campaign that is over, before it is looked at whether they are who they say: that it is over
 * may be known by anyone, and most of a rush comes too late. Whoever says to be somebody who has one of its coupons, or asks under an
 * idempotency key, goes on, and is looked at like everyone.
 */
@Component
class ClosedCampaigns implements WebFilter, Ordered {

    private static final PathPattern COUPONS = PathPatternParser.defaultInstance.parse("/campaigns/{id}/coupons");

    private final CouponDrop drop;
    private final Identity identity;
    private final EarlyAnswers answers;

    ClosedCampaigns(CouponDrop drop, Identity identity, EarlyAnswers answers) {
        this.drop = drop;
        this.identity = identity;
        this.answers = answers;
    }

    /** After those filters that trace and shed, before those that authenticate. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE + 2;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return refusal(exchange.getRequest()).map(refusal -> answers.refused(exchange, refusal)).orElseGet(() -> chain.filter(exchange));
    }

    private Optional<Refusal> refusal(ServerHttpRequest request) {
        if (!HttpMethod.POST.equals(request.getMethod()) || Attempt.isKeyed(request)) {
            return Optional.empty();
        }
        PathPattern.PathMatchInfo asked = COUPONS.matchAndExtract(request.getPath().pathWithinApplication());
        if (asked == null) {
            return Optional.empty();
        }
        try {
            CampaignId campaign = new CampaignId(asked.getUriVariables().get("id"));
            return drop.isOver(campaign) ? identity.claimedBy(request).flatMap(customer -> drop.refusal(campaign, customer)) : Optional.empty();
        } catch (InvalidValueException nonsense) {
            return Optional.empty();
        }
    }
}
