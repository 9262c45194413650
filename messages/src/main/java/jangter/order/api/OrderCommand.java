package jangter.order.api;

import jangter.kernel.CustomerId;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.Require;
import java.time.Instant;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** What one can ask of an order. Refusals are {@link OrderRefusal}s. */
public sealed interface OrderCommand {

    @TargetAggregateIdentifier
    OrderId orderId();

    /** Place it: pending from now on, cancelled if it is still unpaid at {@code payBy}. */
    record PlaceOrder(OrderId orderId, CustomerId customerId, Basket basket, Instant payBy) implements OrderCommand {
        public PlaceOrder {
            Require.present("order", orderId);
            Require.present("customer", customerId);
            Require.present("basket", basket);
            Require.present("pay by", payBy);
        }
    }

    /** Its customer asks to pay it. Starts the checkout. */
    record RequestPayment(OrderId orderId, PaymentId paymentId, CustomerId customerId) implements OrderCommand {
        public RequestPayment {
            Require.present("order", orderId);
            Require.present("payment", paymentId);
            Require.present("customer", customerId);
        }
    }

    /** All steps of the payment are done. */
    record CompleteOrder(OrderId orderId, PaymentId paymentId) implements OrderCommand {
        public CompleteOrder {
            Require.present("order", orderId);
            Require.present("payment", paymentId);
        }
    }

    /** The payment came to nothing, and whatever it did is undone. {@code payBy} is the new time limit if the order may be paid again. */
    record FailPayment(OrderId orderId, PaymentId paymentId, FailureReason reason, Instant payBy) implements OrderCommand {
        public FailPayment {
            Require.present("order", orderId);
            Require.present("payment", paymentId);
            Require.present("reason", reason);
            Require.present("pay by", payBy);
        }
    }

    /** Its customer gives it up, which only a pending order allows. */
    record CancelOrder(OrderId orderId, CustomerId customerId) implements OrderCommand {
        public CancelOrder {
            Require.present("order", orderId);
            Require.present("customer", customerId);
        }
    }

    /** Cancel it if it is pending and its time to pay is over; otherwise leave it. */
    record ExpireOrder(OrderId orderId) implements OrderCommand {
        public ExpireOrder {
            Require.present("order", orderId);
        }
    }
}
