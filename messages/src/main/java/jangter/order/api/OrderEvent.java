package jangter.order.api;

import jangter.kernel.CustomerId;
import jangter.kernel.Money;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import java.time.Instant;
import org.axonframework.serialization.Revision;

/** What happens to an order. */
public sealed interface OrderEvent {

    OrderId orderId();

    /** It is pending; unpaid at {@code payBy}, it will be cancelled. */
    @Revision("1")
    record OrderPlaced(OrderId orderId, CustomerId customerId, Basket basket, Money total, Instant payBy) implements OrderEvent {
    }

    /** Its customer wants to pay: what is to be paid, taken from stock and spent. */
    @Revision("1")
    record PaymentRequested(OrderId orderId, PaymentId paymentId, CustomerId customerId, Basket basket, Money total)
            implements OrderEvent {
    }

    /** It is paid for, and nothing of the payment will be undone any more. */
    @Revision("1")
    record OrderCompleted(OrderId orderId, PaymentId paymentId, CustomerId customerId, Basket basket) implements OrderEvent {
    }

    /** The payment came to nothing. If the reason is mendable the order is pending again until {@code payBy}, else it is cancelled next. */
    @Revision("1")
    record PaymentFailed(OrderId orderId, PaymentId paymentId, FailureReason reason, Instant payBy) implements OrderEvent {
    }

    /** It will never be paid. */
    @Revision("1")
    record OrderCancelled(OrderId orderId, CancelReason reason) implements OrderEvent {
    }
}
