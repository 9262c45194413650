package jangter.checkout.api;

import jangter.kernel.Refusal.Kind;
import jangter.kernel.RefusalCode;

/** Why the checkout refuses. */
public enum CheckoutRefusal implements RefusalCode {

    /** No payment of that order was ever requested. */
    UNKNOWN_CHECKOUT(Kind.UNKNOWN),
    /** It has completed or failed, and nothing more can be done about it. */
    CHECKOUT_HAS_ENDED(Kind.CONFLICT),
    /** It is parked, by itself or by an operator. */
    CHECKOUT_PARKED_ALREADY(Kind.CONFLICT),
    /** Its order is being completed, or it is being undone: it cannot be turned back. */
    CHECKOUT_CANNOT_BE_UNDONE(Kind.CONFLICT);

    private final Kind kind;

    CheckoutRefusal(Kind kind) {
        this.kind = kind;
    }

    @Override
    public Kind kind() {
        return kind;
    }
}
