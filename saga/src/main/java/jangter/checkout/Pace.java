package jangter.checkout;

import jangter.checkout.api.Step;
import jangter.kernel.Require;
import java.time.Duration;

/**
 * How patient a checkout is.
 *
 * @param firstWait how long a step that was sent for the first time may go unanswered; the wait doubles with each further sending
 * @param longestWait where the doubling ends
 * @param sendsBeforeUndoing how often a step is sent before the checkout gives it up and undoes what it did
 * @param sendsBeforeParking how often a step that cannot be given up (a compensation, the completion of the order) is sent before the
 *         checkout waits for an operator
 * @param timeToPayAgain how long an order stays payable after a payment that failed
 */
public record Pace(Duration firstWait, Duration longestWait, int sendsBeforeUndoing, int sendsBeforeParking, Duration timeToPayAgain) {

    /**
     * What suits a shop whose services answer in milliseconds and are back within a minute: waits stay short, so that what was left hanging
     * by a service goes on within ten seconds of its being back.
     */
    public static final Pace USUAL = new Pace(Duration.ofSeconds(2), Duration.ofSeconds(8), 10, 40, Duration.ofMinutes(30));

    public Pace {
        Require.that(Require.present("first wait", firstWait).compareTo(Duration.ofMillis(1)) >= 0, "first wait",
                "must be a millisecond or more");
        Require.that(Require.present("longest wait", longestWait).compareTo(firstWait) >= 0, "longest wait",
                "must not be less than the first");
        Require.between("sends before undoing", sendsBeforeUndoing, 1, 1_000);
        Require.between("sends before parking", sendsBeforeParking, 1, 1_000);
        Require.that(Require.present("time to pay again", timeToPayAgain).compareTo(Duration.ZERO) > 0, "time to pay again",
                "must be positive");
    }

    /** How long to wait for an answer to the {@code attempt}th sending (the first is 1). */
    Duration waitAfter(int attempt) {
        Duration wait = firstWait;
        for (int doubled = 1; doubled < attempt && wait.compareTo(longestWait) < 0; doubled++) {
            wait = wait.multipliedBy(2);
        }
        return wait.compareTo(longestWait) < 0 ? wait : longestWait;
    }

    /** Whether the step is not sent again after the {@code attempt}th sending. */
    boolean isLast(Step step, int attempt) {
        return attempt >= (step.comesBeforeCompletion() ? sendsBeforeUndoing : sendsBeforeParking);
    }
}
