package jangter.checkout.api;

import jangter.kernel.Refusal.Kind;
import jangter.kernel.RefusalCode;

/** Why the checkout refuses. */
public enum CheckoutRefusal implements RefusalCode {

    /** No payment of that order was ever requested. */
    UNKNOWN_CHECKOUT(Kind.UNKNOWN),
    /** Only a parked checkout can be retried. */
    CHECKOUT_NOT_PARKED(Kind.CONFLICT);

    private final Kind kind;

    CheckoutRefusal(Kind kind) {
        this.kind = kind;
    }

    @Override
    public Kind kind() {
        return kind;
    }
}
