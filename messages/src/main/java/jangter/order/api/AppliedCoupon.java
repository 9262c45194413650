package jangter.order.api;

import jangter.kernel.CouponId;
import jangter.kernel.Money;
import jangter.kernel.Require;

/** The coupon that an order spends, and what it takes off the order's price. */
public record AppliedCoupon(CouponId couponId, Money discount) {

    public AppliedCoupon {
        Require.present("coupon", couponId);
        Require.that(!Require.present("discount", discount).isNegative(), "discount", "must not be negative");
    }
}
