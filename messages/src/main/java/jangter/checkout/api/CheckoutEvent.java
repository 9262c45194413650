package jangter.checkout.api;

import jangter.kernel.CustomerId;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.order.api.FailureReason;
import org.axonframework.serialization.Revision;

/** What happens to a checkout beyond the steps' own answers: its timer, what it sends again, its turn to compensation, its parking. */
public sealed interface CheckoutEvent {

    PaymentId paymentId();

    OrderId orderId();

    /**
     * The checkout's timer has run down.
     *
     * @param round which timer: one that the checkout no longer waits for says nothing
     */
    @Revision("1")
    record TimerElapsed(PaymentId paymentId, OrderId orderId, int round) implements CheckoutEvent {
    }

    /** A step was not answered in time and was sent once more, for the {@code attempt}th time (the first sending is 1). */
    @Revision("1")
    record StepSentAgain(PaymentId paymentId, OrderId orderId, Step step, int attempt) implements CheckoutEvent {
    }

    /** From here on the checkout undoes what it did. */
    @Revision("1")
    record CompensationStarted(PaymentId paymentId, OrderId orderId, FailureReason reason) implements CheckoutEvent {
    }

    /** A step that may neither be given up nor undone stays unanswered: the checkout waits for an operator. */
    @Revision("1")
    record CheckoutParked(PaymentId paymentId, OrderId orderId, Step step) implements CheckoutEvent {
    }

    /** An operator wants a parked checkout to go on. */
    @Revision("1")
    record RetryRequested(PaymentId paymentId, OrderId orderId, CustomerId requestedBy) implements CheckoutEvent {
    }
}
