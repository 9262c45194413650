package jangter.order.api;

/** Why an order was cancelled. */
public enum CancelReason {
    /** Its customer asked for it. */
    BY_CUSTOMER,
    /** It was not paid in time. */
    EXPIRED,
    /** Paying failed for a reason that the customer cannot mend. */
    PAYMENT_FAILED
}
