package jangter.order.api;

/** Why an attempt to pay came to nothing. */
public enum FailureReason {

    /** The wallet holds too little. */
    INSUFFICIENT_BALANCE(true),
    /** A step was not answered in time; nothing was kept. */
    NOT_ANSWERED(true),
    /** Somebody of the staff called it off; nothing was kept. */
    CALLED_OFF(true),
    /** The wallet keeps another currency than the order's. */
    WALLET_UNUSABLE(false),
    /** A product is not in stock in the quantity ordered. */
    OUT_OF_STOCK(false),
    /** The coupon is used, expired, another's, or gives another discount than the order counted on. */
    COUPON_UNUSABLE(false);

    private final boolean mendable;

    FailureReason(boolean mendable) {
        this.mendable = mendable;
    }

    /** Whether the customer can mend it and pay again; where not, the order is cancelled. */
    public boolean isMendable() {
        return mendable;
    }
}
