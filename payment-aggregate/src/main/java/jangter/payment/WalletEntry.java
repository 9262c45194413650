package jangter.payment;

import jangter.kernel.Money;
import jangter.kernel.OrderId;
import jangter.payment.api.PaymentEvent.DeclineReason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a customer's money.
 *
 * @param balance what the wallet held afterwards; nothing where it did not change
 * @param orderId the order that was paid, refunded or not paid
 * @param reason why an order was not paid
 */
record WalletEntry(Instant at, Kind kind, Money amount, @Nullable Money balance, @Nullable OrderId orderId,
        @Nullable DeclineReason reason) {

    /** The sorts of entries. */
    enum Kind {
        /** Money was put in. */
        CHARGED,
        /** An order was paid. */
        PAID,
        /** An order's payment was given back. */
        REFUNDED,
        /** An order was not paid. */
        DECLINED
    }
}
