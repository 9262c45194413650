package jangter.order.api;

import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.Require;
import org.jspecify.annotations.Nullable;

/** What one can ask about an order. */
public sealed interface OrderQuery {

    /** How an order stands, and by subscription how it goes on. Answered with {@link Standing}, or nothing if there is no such order. */
    record FindStanding(OrderId orderId) implements OrderQuery {
        public FindStanding {
            Require.present("order", orderId);
        }
    }

    /**
     * How an order stands.
     *
     * @param payment the payment that brought it there: the one under way, the one that failed last or the one that completed it
     * @param failure why that payment failed, if it did
     * @param cancelled why it was cancelled, if it was
     * @param version counts what happened to the order, from 0: of two standings the one with the higher version is the newer
     */
    record Standing(OrderId orderId, OrderStatus status, @Nullable PaymentId payment, @Nullable FailureReason failure,
            @Nullable CancelReason cancelled, long version) {
    }
}
