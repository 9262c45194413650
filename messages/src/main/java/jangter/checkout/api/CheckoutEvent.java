package jangter.checkout.api;

import jangter.kernel.CustomerId;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.order.api.FailureReason;
import org.axonframework.serialization.Revision;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a checkout beyond the steps' own answers: its timer, what it sends again, its turn to compensation, its parking, and what
 * operators want of it.
 */
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
     * An operator had parked it: it is held where it is.
     *
     * @param round the timer that ran when it was parked: a retry that names it, or that a compensation starts after all, lets it go on
     */
    @Revision("1")
    record CheckoutHeld(PaymentId paymentId, OrderId orderId, Step step, int round) implements CheckoutEvent {
    }

    // --- what operators want

    /**
     * The step that it waits for shall be sent again now, and a parked checkout go on.
     *
     * @param round the timer that was set last: a request that arrives twice, or too late, does nothing
     * @param reason nothing in requests from before reasons were asked for
     */
    @Revision("1")
    record RetryRequested(PaymentId paymentId, OrderId orderId, int round, CustomerId requestedBy, @Nullable Reason reason)
            implements CheckoutEvent {
    }

    /** It shall undo what it did, as if a step had been refused. */
    @Revision("1")
    record CompensationRequested(PaymentId paymentId, OrderId orderId, CustomerId requestedBy, Reason reason) implements CheckoutEvent {
    }

    /**
     * It shall stay where it is until an operator lets it go on, whatever is answered meanwhile.
     *
     * @param round the timer that was set last as far as the operator saw: a request that arrives twice does nothing, nor one of before it
     *         was let go on
     */
    @Revision("1")
    record ParkingRequested(PaymentId paymentId, OrderId orderId, int round, CustomerId requestedBy, Reason reason)
            implements CheckoutEvent {
    }
}
