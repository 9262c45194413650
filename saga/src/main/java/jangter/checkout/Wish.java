package jangter.checkout;

import jangter.checkout.CheckoutAttempt.Intervention;
import jangter.checkout.api.CheckoutEvent.CompensationRequested;
import jangter.checkout.api.CheckoutEvent.ParkingRequested;
import jangter.checkout.api.CheckoutEvent.RetryRequested;
import java.time.Instant;
import java.util.Optional;

/** What an operator may want of a checkout. */
enum Wish {

    /** Send the step now that it waits for, or let it go on if it is parked. */
    RETRY,
    /** Undo what was done. */
    COMPENSATE,
    /** Stay where it is. */
    PARK;

    /** What the event wants, if it is such a wish. */
    static Optional<Intervention> in(Object event, Instant at, boolean hadEffect) {
        if (event instanceof RetryRequested retry) {
            return Optional.of(new Intervention(RETRY, retry.requestedBy(), retry.reason(), at, hadEffect));
        }
        if (event instanceof CompensationRequested compensation) {
            return Optional.of(new Intervention(COMPENSATE, compensation.requestedBy(), compensation.reason(), at, hadEffect));
        }
        return event instanceof ParkingRequested parking
                ? Optional.of(new Intervention(PARK, parking.requestedBy(), parking.reason(), at, hadEffect)) : Optional.empty();
    }
}
