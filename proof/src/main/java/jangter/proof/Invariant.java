package jangter.proof;

/** What must hold of the shop. */
public enum Invariant {

    /** A wallet's charges minus its payments plus its refunds are its balance. */
    BALANCE_IS_THE_SUM,
    /** No wallet ever holds less than nothing. */
    BALANCE_IS_NEVER_NEGATIVE,
    /** What a product was registered with, plus what was added, minus what was deducted, plus what was restored, is its stock. */
    STOCK_IS_THE_SUM,
    /** No product ever has fewer than no pieces. */
    STOCK_IS_NEVER_NEGATIVE,

    /** A campaign issues at most its quantity, and says truly how many are left. */
    CAMPAIGN_KEEPS_TO_ITS_QUANTITY,
    /** A campaign issues at most one coupon to a customer. */
    ONE_COUPON_A_CUSTOMER,
    /** A claim has its coupon and a coupon its claim. */
    CLAIM_AND_COUPON_GO_TOGETHER,
    /** A coupon is used by at most one order at a time, and by its owner. */
    COUPON_IS_USED_ONCE_AT_A_TIME,

    /** An order is paid under one payment at a time, and never again once it is completed or cancelled. */
    ONE_CHECKOUT_AT_A_TIME,
    /** A step is done for an open checkout alone, once, and in the measure of its order. */
    STEP_IS_DONE_ONCE_AND_AS_ORDERED,
    /** Only what was done for an open checkout is undone, in the measure in which it was done. */
    ONLY_WHAT_WAS_DONE_IS_UNDONE,
    /** Only the steps of completed orders are settled. */
    ONLY_WHAT_IS_COMPLETED_IS_SETTLED,
    /** A completed order has its payment taken and not refunded. */
    COMPLETED_IS_PAID,
    /** A completed order has every line deducted and not restored. */
    COMPLETED_IS_DEDUCTED,
    /** A completed order with a coupon has it used and not restored. */
    COMPLETED_HAS_USED_ITS_COUPON,
    /** A payment that failed has nothing taken, deducted or used that was not given back. */
    FAILED_KEEPS_NOTHING,
    /** When the system rests every checkout is completed, failed or parked. */
    AT_REST_NOTHING_IS_UNFINISHED
}
