package jangter.benchmarks;

/**
 * The orders that are paid, the same for every system. One of ten wants more of a product than there is, and is refused there; one of
 * five spends a coupon. Money is enough.
 *
 * @param customers how many take turns in ordering
 * @param products how many are ordered in turn: 1 for a hot one
 */
public record Workload(int customers, int products) {

    static final Workload SPREAD = new Workload(1_000, 100);
    static final Workload HOT = new Workload(1_000, 1);

    /** What one piece costs. */
    public static final int PRICE = 1_000;
    /** What a coupon takes off. */
    public static final int DISCOUNT = 100;

    private static final int REFUSED_EVERY = 10;
    private static final int COUPON_EVERY = 5;

    /** The order of that number. The sold-out product is the one whose number is {@code products}. */
    public Order order(int number) {
        boolean refused = number % REFUSED_EVERY == REFUSED_EVERY - 1;
        return new Order(number, number % customers, refused ? products : number % products, number % COUPON_EVERY == 0);
    }

    /** One piece of one product. Number, customer and product count from 0. */
    public record Order(int number, int customer, int product, boolean coupon) {

        public int total() {
            return coupon ? PRICE - DISCOUNT : PRICE;
        }
    }
}
