package jangter.order;

import jangter.kernel.Money;
import jangter.kernel.OrderId;
import jangter.order.api.CancelReason;
import jangter.order.api.FailureReason;
import jangter.order.api.OrderStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An order as a customer's list shows it. */
record OrderSummary(OrderId orderId, OrderStatus status, Money total, Instant placedAt, Instant payBy, @Nullable FailureReason failure,
        @Nullable CancelReason cancelled) {
}
