package jangter.payment.api;

import jangter.kernel.ChargeId;
import jangter.kernel.Money;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.WalletId;
import java.time.Instant;
import java.util.Set;
import org.axonframework.serialization.Revision;

/**
 * What happens to a wallet. {@code balance} is always the balance after the event, {@code requestedAt} when the customer asked to pay.
 */
public sealed interface PaymentEvent {

    WalletId walletId();

    /** Money was put in. */
    @Revision("1")
    record WalletCharged(WalletId walletId, ChargeId chargeId, Money amount, Money balance) implements PaymentEvent {
    }

    /** An order was paid. */
    @Revision("1")
    record PaymentTaken(WalletId walletId, PaymentId paymentId, OrderId orderId, Money amount, Money balance, Instant requestedAt)
            implements PaymentEvent {
    }

    /** An order was not paid, and will not be under this payment. */
    @Revision("1")
    record PaymentDeclined(WalletId walletId, PaymentId paymentId, OrderId orderId, Money amount, DeclineReason reason, Instant requestedAt)
            implements PaymentEvent {
    }

    /** A payment that was taken was given back. */
    @Revision("1")
    record PaymentRefunded(WalletId walletId, PaymentId paymentId, OrderId orderId, Money amount, Money balance, Instant requestedAt)
            implements PaymentEvent {
    }

    /** A payment that had not been taken never will be. */
    @Revision("1")
    record PaymentVoided(WalletId walletId, PaymentId paymentId, OrderId orderId, Instant requestedAt) implements PaymentEvent {
    }

    /** These payments are final. */
    @Revision("1")
    record PaymentsSettled(WalletId walletId, Set<PaymentId> payments) implements PaymentEvent {
    }

    /** Why a payment was declined. */
    enum DeclineReason {
        /** The wallet holds less than the amount. */
        INSUFFICIENT_BALANCE,
        /** The wallet keeps another currency. */
        OTHER_CURRENCY,
        /** It was undone before it arrived. */
        VOIDED,
        /** It was requested so long ago that its like is no longer remembered; nothing was done for it since. */
        TOO_LATE
    }
}
