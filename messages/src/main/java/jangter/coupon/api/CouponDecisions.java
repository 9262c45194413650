package jangter.coupon.api;

import jangter.kernel.CustomerId;
import jangter.kernel.Refusal;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a campaign decided about those who came together.
 *
 * @param each one decision for each claim, in the order of the claims
 * @param over if the campaign is sold out, and gives out no coupon ever again
 */
public record CouponDecisions(List<Decision> each, @Nullable Over over) {

    public CouponDecisions {
        each = List.copyOf(each);
    }

    /**
     * About one claim: issued, or refused.
     *
     * @param expiresAt when the coupon expires; nothing if it was refused, or issued before, which the campaign does not remember
     */
    public record Decision(@Nullable Refusal refusal, @Nullable Instant expiresAt) {
    }

    /**
     * What there is to be known of a campaign that is over: whoever comes now is refused so, but for those who have a coupon.
     *
     * @param holders who has one, which may not change any more: they may be many, and are not copied
     */
    public record Over(Refusal refusal, Set<CustomerId> holders) {

        public Over {
            holders = Collections.unmodifiableSet(holders);
        }
    }
}
