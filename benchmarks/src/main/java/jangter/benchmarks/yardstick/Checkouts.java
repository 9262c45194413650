package jangter.benchmarks.yardstick;

/** Pays orders, one at a time on each calling thread. */
interface Checkouts extends AutoCloseable {

    String COMPLETED = "COMPLETED";
    String OUT_OF_STOCK = "OUT_OF_STOCK";
    String INSUFFICIENT_BALANCE = "INSUFFICIENT_BALANCE";
    String COUPON_UNUSABLE = "COUPON_UNUSABLE";
    String NOT_PENDING = "NOT_PENDING";

    /**
     * Takes the money and the pieces, spends the coupon and completes the order, on disk; or does none of it, and cancels the order.
     *
     * @return what came of it
     */
    String pay(int order, int customer);

    @Override
    void close();
}
