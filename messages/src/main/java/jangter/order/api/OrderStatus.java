package jangter.order.api;

/** Where an order stands. */
public enum OrderStatus {
    /** Placed and not paid. */
    PENDING,
    /** Being paid; its checkout runs. */
    PAYING,
    /** Paid, deducted and done. */
    COMPLETED,
    /** Will never be paid. */
    CANCELLED;

    /** Whether it stays so for good. */
    public boolean isFinal() {
        return this == COMPLETED || this == CANCELLED;
    }
}
