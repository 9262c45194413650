package jangter.checkout;

import jangter.checkout.Checkout.State;
import jangter.kernel.CustomerId;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.order.api.FailureReason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An order's latest attempt to pay, as a line of a list. */
record CheckoutSummary(OrderId orderId, PaymentId paymentId, @Nullable CustomerId customerId, State state, @Nullable FailureReason reason,
        Instant startedAt, Instant changedAt, @Nullable Instant endedAt) {

    static CheckoutSummary of(OrderId order, CheckoutAttempt latest) {
        return new CheckoutSummary(order, latest.paymentId(), latest.customer(), latest.state(), latest.reason(), latest.startedAt(),
                latest.changedAt(), latest.endedAt());
    }
}
