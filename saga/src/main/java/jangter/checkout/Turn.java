package jangter.checkout;

import jangter.checkout.api.CheckoutEvent;
import jangter.checkout.api.CheckoutEvent.TimerElapsed;
import jangter.checkout.api.Step;
import jangter.kernel.ProductId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one event made of a checkout, and what whoever runs it now owes it.
 *
 * @param checkout the checkout after the event
 * @param answered the part that the event answered, if it answered one
 * @param asks what is to be sent, all at once; no answer need be waited for, since answers are events
 * @param told what is to be published
 * @param timer the timer to set, in place of the one that may be running
 */
public record Turn(Checkout checkout, @Nullable Part answered, List<Ask> asks, List<CheckoutEvent> told, @Nullable Timer timer) {

    /** Whether a timer that may be running is to be stopped (another may take its place). */
    public boolean stopsTimer() {
        return timer != null || checkout.timed() == null;
    }

    /**
     * A step, or one product's part of it.
     *
     * @param product of a step that concerns products: which one
     */
    public record Part(Step step, @Nullable ProductId product) {
    }

    /**
     * A command to send.
     *
     * @param attempt the how manyth sending of its step this is (the first is 1)
     */
    public record Ask(Part part, int attempt, Object command) {
    }

    /** Once that long is over, tell the checkout (and everyone) that event. */
    public record Timer(Duration after, TimerElapsed elapsed) {
    }
}
