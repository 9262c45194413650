package jangter.kernel;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an aggregate remembers of the payments that touched it, so that a step asked twice happens once, and a step that arrives after
 * its own undoing is refused.
 *
 * <p>It stays bounded however old the aggregate grows. A step that was done is remembered until its order is settled. A step that was
 * refused, undone or voided is closed, and remembered until no late request for it can be accepted any more: its deadline and a
 * {@link #MARGIN} for clocks that disagree.
 *
 * @param <T> what was done, as its undoing needs to know it
 */
public final class PaymentMemory<T> {

    /** How far the clocks of two machines may be apart. */
    public static final Duration MARGIN = Duration.ofMinutes(10);

    private final Map<PaymentId, T> done = new LinkedHashMap<>();
    private final Map<PaymentId, Instant> closed = new LinkedHashMap<>();

    /** What was done for this payment and is neither undone nor settled. */
    public Optional<T> done(PaymentId payment) {
        return Optional.ofNullable(done.get(payment));
    }

    /** Whether this payment's step was refused, undone or voided before. */
    public boolean isClosed(PaymentId payment) {
        return closed.containsKey(payment);
    }

    public void remember(PaymentId payment, T what) {
        done.put(payment, what);
    }

    /** Closes the payment's step for good and lets go of what is past its time. */
    public void close(PaymentId payment, Instant deadline, Instant now) {
        done.remove(payment);
        closed.values().removeIf(until -> until.isBefore(now));
        closed.put(payment, deadline.isAfter(now) ? deadline.plus(MARGIN) : now.plus(MARGIN));
    }

    /** Lets go of payments whose orders are complete: nothing of them will be undone. */
    public void settle(Collection<PaymentId> payments) {
        payments.forEach(done::remove);
    }

    /** How many payments are remembered. */
    public int size() {
        return done.size() + closed.size();
    }
}
