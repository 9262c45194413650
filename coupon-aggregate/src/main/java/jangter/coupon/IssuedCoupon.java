package jangter.coupon;

import jangter.kernel.CouponId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The coupon that was come for in time.
 *
 * @param expiresAt left out where the coupon had been issued before, and that answer never arrived; the list of one's coupons tells it
 */
record IssuedCoupon(CouponId couponId, @Nullable Instant expiresAt) {
}
