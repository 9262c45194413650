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
     * @param last whether the step that it was set for had been sent as often as it may be. It was settled when the timer was set, so
     *         that whoever reads these events draws the same conclusion, however the settings change
     */
    @Revision("1")
    record TimerElapsed(PaymentId paymentId, OrderId orderId, int round, boolean last) implements CheckoutEvent {
    }

    /** A step was not answered in time and was sent once more, for the {@code attempt}th time (the first sending is 1). */
    @Revision("1")
    record StepSentAgain(PaymentId paymentId, OrderId orderId, Step step, int attempt) implements CheckoutEvent {
    }

    /** From here on the checkout undoes what it did, or may have done. A checkout that fails before it did anything does not tell this. */
    @Revision("1")
    record CompensationStarted(PaymentId paymentId, OrderId orderId, FailureReason reason) implements CheckoutEvent {
    }

    /** A step that may neither be given up nor undone stays unanswered: the checkout waits for an operator. */
    @Revision("1")
    record CheckoutParked(PaymentId paymentId, OrderId orderId, Step step) implements CheckoutEvent {
    }

    /**
     * An operator wants a parked checkout to go on.
     *
     * @param round the timer after which it was parked: a request that arrives twice wakes it once
     */
    @Revision("1")
    record RetryRequested(PaymentId paymentId, OrderId orderId, int round, CustomerId requestedBy) implements CheckoutEvent {
    }
}
