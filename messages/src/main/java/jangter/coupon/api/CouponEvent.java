package jangter.coupon.api;

import jangter.kernel.CampaignId;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.Money;
import jangter.kernel.Name;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.axonframework.serialization.Revision;

/** What happens to campaigns and their coupons. {@code requestedAt} is when the customer asked to pay. */
public sealed interface CouponEvent {

    /** A campaign was announced. */
    @Revision("1")
    record CampaignLaunched(CampaignId campaignId, Name name, Discount discount, Quantity quantity, Window window, Duration validFor)
            implements CouponEvent {
    }

    /** A campaign gave one of its coupons to a customer; {@code remaining} are left. Told together with {@link CouponIssued}. */
    @Revision("1")
    record CouponClaimed(CampaignId campaignId, CouponId couponId, CustomerId customerId, Quantity remaining) implements CouponEvent {
    }

    /**
     * A campaign gave coupons to customers who had come together, in this order; {@code remaining} are left after the last. Told together with a
     * {@link CouponIssued} for each of them. Who came alone is told of by {@link CouponClaimed}.
     */
    @Revision("1")
    record CouponsClaimed(CampaignId campaignId, List<Claimed> claims, Quantity remaining) implements CouponEvent {

        /** Which coupon went to whom. */
        public record Claimed(CouponId couponId, CustomerId customerId) {
        }

        public CouponsClaimed {
            claims = List.copyOf(claims);
        }
    }

    /** A coupon came into being, good until just before {@code expiresAt}. */
    @Revision("1")
    record CouponIssued(CouponId couponId, CampaignId campaignId, CustomerId customerId, Name campaignName, Discount discount,
            Instant expiresAt) implements CouponEvent {
    }

    /** A coupon was spent on an order. */
    @Revision("1")
    record CouponUsed(CouponId couponId, PaymentId paymentId, OrderId orderId, CustomerId customerId, Money discount, Instant requestedAt)
            implements CouponEvent {
    }

    /** A coupon was not spent, and will not be under this payment. */
    @Revision("1")
    record CouponUseRefused(CouponId couponId, PaymentId paymentId, OrderId orderId, RefusedBecause reason, Instant requestedAt)
            implements CouponEvent {
    }

    /** A coupon that was spent can be spent again. */
    @Revision("1")
    record CouponRestored(CouponId couponId, PaymentId paymentId, OrderId orderId, CustomerId customerId, Instant requestedAt)
            implements CouponEvent {
    }

    /** A coupon that had not been spent never will be under this payment. */
    @Revision("1")
    record CouponUseVoided(CouponId couponId, PaymentId paymentId, OrderId orderId, Instant requestedAt) implements CouponEvent {
    }

    /** Why the use of a coupon was refused. */
    enum RefusedBecause {
        /** No such coupon was issued. */
        UNKNOWN_COUPON,
        /** It belongs to another customer. */
        NOT_THE_OWNER,
        /** It is spent on another order. */
        ALREADY_USED,
        /** Its time is over. */
        EXPIRED,
        /** It gives another discount than the order counted on. */
        OTHER_DISCOUNT,
        /** It was undone before it arrived. */
        VOIDED,
        /** It was requested so long ago that its like is no longer remembered; nothing was done for it since. */
        TOO_LATE
    }
}
