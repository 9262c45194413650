package jangter.order.api;

import jangter.kernel.OrderId;
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
     * @param failure why the last attempt to pay failed, if one did
     * @param cancelled why it was cancelled, if it was
     */
    record Standing(OrderId orderId, OrderStatus status, @Nullable FailureReason failure, @Nullable CancelReason cancelled) {
    }
}
