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
 * refused or undone is closed, and one that was undone before it arrived is void; both are remembered until no late request for them can
 * be accepted any more: until its deadline and a {@link #MARGIN} for clocks that disagree.
 *
 * @param <T> what was done, as its undoing needs to know it
 */
public final class PaymentMemory<T> {

    /** How far the clocks of two machines may be apart. */
    public static final Duration MARGIN = Duration.ofMinutes(10);

    private final Map<PaymentId, T> done = new LinkedHashMap<>();
    private final Map<PaymentId, Instant> closed = new LinkedHashMap<>();
    private final Map<PaymentId, Instant> voided = new LinkedHashMap<>();

    /** What was done for this payment and is neither undone nor settled. */
    public Optional<T> done(PaymentId payment) {
        return Optional.ofNullable(done.get(payment));
    }

    /** Whether this payment's step was answered and is over: refused, or done and undone. */
    public boolean isClosed(PaymentId payment) {
        return closed.containsKey(payment);
    }

    /** Whether this payment's step was undone before it arrived, and has not arrived since. */
    public boolean isVoid(PaymentId payment) {
        return voided.containsKey(payment);
    }

    public void remember(PaymentId payment, T what) {
        done.put(payment, what);
    }

    public void close(PaymentId payment, Instant deadline, Instant now) {
        forgetWhatIsPast(now);
        done.remove(payment);
        voided.remove(payment);
        closed.put(payment, keepUntil(deadline, now));
    }

    public void markVoid(PaymentId payment, Instant deadline, Instant now) {
        forgetWhatIsPast(now);
        voided.put(payment, keepUntil(deadline, now));
    }

    /** Lets go of payments whose orders are complete: nothing of them will be undone. */
    public void settle(Collection<PaymentId> payments) {
        payments.forEach(done::remove);
    }

    /** How many payments are remembered. */
    public int size() {
        return done.size() + closed.size() + voided.size();
    }

    private void forgetWhatIsPast(Instant now) {
        closed.values().removeIf(until -> until.isBefore(now));
        voided.values().removeIf(until -> until.isBefore(now));
    }

    private static Instant keepUntil(Instant deadline, Instant now) {
        return (deadline.isAfter(now) ? deadline : now).plus(MARGIN);
    }
}
