package jangter.order;

import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.order.api.CancelReason;
import jangter.order.api.FailureReason;
import jangter.order.api.OrderQuery.Standing;
import jangter.order.api.OrderStatus;
import org.jspecify.annotations.Nullable;

/** How an order stands, as who pays it or follows it is told. */
record OrderStanding(OrderId orderId, OrderStatus status, @Nullable PaymentId paymentId, @Nullable FailureReason failure,
        @Nullable CancelReason cancelled) {

    static OrderStanding of(Standing standing) {
        return new OrderStanding(standing.orderId(), standing.status(), standing.payment(), standing.failure(), standing.cancelled());
    }
}
