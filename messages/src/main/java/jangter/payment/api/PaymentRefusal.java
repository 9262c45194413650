package jangter.payment.api;

import jangter.kernel.Refusal.Kind;
import jangter.kernel.RefusalCode;

/** Why the payment context refuses. */
public enum PaymentRefusal implements RefusalCode {

    /** The wallet keeps another currency. */
    OTHER_CURRENCY(Kind.UNACCEPTABLE),
    /** The wallet would hold more than a wallet may, were all its open payments refunded. */
    WALLET_FULL(Kind.CONFLICT);

    private final Kind kind;

    PaymentRefusal(Kind kind) {
        this.kind = kind;
    }

    @Override
    public Kind kind() {
        return kind;
    }
}
