package jangter.order.api;

import jangter.kernel.Refusal.Kind;
import jangter.kernel.RefusalCode;

/** Why the order context refuses. */
public enum OrderRefusal implements RefusalCode {

    /** No such order, or not yours. */
    UNKNOWN_ORDER(Kind.UNKNOWN),
    /** The order is being paid, completed or cancelled. */
    ORDER_NOT_PENDING(Kind.CONFLICT),
    /** Paid for in vain as often as an order may be. */
    TOO_MANY_ATTEMPTS(Kind.CONFLICT),
    /** The order is not being paid under that payment. */
    PAYMENT_NOT_CURRENT(Kind.CONFLICT),
    /** The order's id is taken by another basket. */
    ORDER_EXISTS(Kind.CONFLICT),
    /** A line names a product that the catalogue does not hold. */
    UNKNOWN_PRODUCT(Kind.UNACCEPTABLE),
    /** The coupon is not one of the customer's. */
    UNKNOWN_COUPON(Kind.UNACCEPTABLE),
    /** The coupon is used already. */
    COUPON_USED(Kind.UNACCEPTABLE),
    /** The coupon's time is over. */
    COUPON_EXPIRED(Kind.UNACCEPTABLE),
    /** The products, or the coupon, are priced in different currencies. */
    CURRENCIES_DIFFER(Kind.UNACCEPTABLE);

    private final Kind kind;

    OrderRefusal(Kind kind) {
        this.kind = kind;
    }

    @Override
    public Kind kind() {
        return kind;
    }
}
