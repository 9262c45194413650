package jangter.coupon;

import jangter.coupon.api.Discount;
import jangter.kernel.CampaignId;
import jangter.kernel.CouponId;
import jangter.kernel.Name;
import jangter.kernel.OrderId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A coupon, as its owner sees it.
 *
 * @param orderId what it is spent on, if it is
 */
record OwnedCoupon(CouponId couponId, CampaignId campaignId, Name campaignName, Discount discount, Instant issuedAt, Instant expiresAt,
        Status status, @Nullable OrderId orderId) {

    /** Whether it can be spent. */
    enum Status {
        USABLE,
        USED,
        EXPIRED
    }
}
