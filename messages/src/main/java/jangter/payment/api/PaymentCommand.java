package jangter.payment.api;

import jangter.kernel.ChargeId;
import jangter.kernel.Money;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.Require;
import jangter.kernel.WalletId;
import java.time.Instant;
import java.util.Set;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** What one can ask of a wallet. Refusals are {@link PaymentRefusal}s. */
public sealed interface PaymentCommand {

    @TargetAggregateIdentifier
    WalletId walletId();

    /** Put money in. The first charge opens the wallet and settles its currency, unless an order that costs nothing was paid before. */
    record ChargeWallet(WalletId walletId, ChargeId chargeId, Money amount) implements PaymentCommand {
        public ChargeWallet {
            Require.present("wallet", walletId);
            Require.present("charge", chargeId);
            Require.that(Require.present("amount", amount).isPositive(), "amount", "must be positive");
        }
    }

    /** Pay an order from it. Answered by {@code PaymentTaken} or {@code PaymentDeclined}. */
    record TakePayment(WalletId walletId, PaymentId paymentId, OrderId orderId, Money amount, Instant requestedAt)
            implements PaymentCommand {
        public TakePayment {
            Require.present("wallet", walletId);
            Require.present("payment", paymentId);
            Require.present("order", orderId);
            Require.that(!Require.present("amount", amount).isNegative(), "amount", "must not be negative");
            Require.present("requested at", requestedAt);
        }
    }

    /**
     * Undo the taking, whether it happened, may have happened or is still on its way. Answered by {@code PaymentRefunded} or
     * {@code PaymentVoided}.
     */
    record RefundPayment(WalletId walletId, PaymentId paymentId, OrderId orderId, Instant requestedAt) implements PaymentCommand {
        public RefundPayment {
            Require.present("wallet", walletId);
            Require.present("payment", paymentId);
            Require.present("order", orderId);
            Require.present("requested at", requestedAt);
        }
    }

    /** These payments' orders are complete: nothing of them will be refunded, so they need not be remembered. */
    record SettlePayments(WalletId walletId, Set<PaymentId> payments) implements PaymentCommand {
        public SettlePayments {
            Require.present("wallet", walletId);
            payments = Set.copyOf(Require.present("payments", payments));
        }
    }
}
