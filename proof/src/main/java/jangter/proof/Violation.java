package jangter.proof;

/**
 * An invariant that does not hold.
 *
 * @param concerns the order, wallet, product, campaign or coupon
 * @param what a sentence for whoever has to mend it
 * @param event how many events came before the one that broke it
 */
public record Violation(Invariant invariant, String concerns, String what, long event) {

    @Override
    public String toString() {
        return invariant + " (" + concerns + ", event " + event + "): " + what;
    }
}
