package jangter.checkout.api;

/** The steps of a checkout, forward and back, in the order in which they are taken. */
public enum Step {
    TAKE_PAYMENT,
    DEDUCT_STOCK,
    USE_COUPON,
    COMPLETE_ORDER,
    RESTORE_COUPON,
    RESTORE_STOCK,
    REFUND_PAYMENT,
    FAIL_PAYMENT;

    /** Whether it can still be turned back while it waits for this step's answer: not once the order is being completed. */
    public boolean comesBeforeCompletion() {
        return compareTo(COMPLETE_ORDER) < 0;
    }

    /** Whether it undoes what another step did. */
    public boolean isCompensation() {
        return compareTo(COMPLETE_ORDER) > 0;
    }
}
