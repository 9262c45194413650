package jangter.kernel;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an aggregate remembers of the payments that touched it, so that a step asked twice happens once, and a step that arrives after
 * its own undoing is refused.
 *
 * <p>It stays bounded however old the aggregate grows. A step that was done is kept until its order is settled, so there are no more of
 * them than open checkouts. Of the payments that are over (refused, undone, undone before they arrived, or settled) the last
 * {@value #MOST} are kept. When one is let go, everything requested up to then that is not remembered counts as too late: a stray
 * duplicate is refused, though nobody remembers it. No clock is needed for that, so clocks that disagree cannot break it.
 *
 * @param <T> what was done, as its undoing needs to know it
 */
public final class PaymentMemory<T> {

    public static final int MOST = 2_000;

    private final Map<PaymentId, Done<T>> done = new LinkedHashMap<>();
    /** Oldest first. Not any map: the order has to survive a snapshot. */
    private final LinkedHashMap<PaymentId, Over> over = new LinkedHashMap<>();
    private Instant letGo = Instant.EPOCH;

    private record Done<T>(T what, Instant requestedAt) {
    }

    private record Over(Instant requestedAt, boolean beforeItArrived) {
    }

    /** What was done for this payment and is neither undone nor settled. */
    public Optional<T> done(PaymentId payment) {
        return Optional.ofNullable(done.get(payment)).map(Done::what);
    }

    /** Whether this payment's step has been answered: it was done or refused, whatever became of it since. */
    public boolean isAnswered(PaymentId payment) {
        return done.containsKey(payment) || over.containsKey(payment) && !isVoid(payment);
    }

    /** Whether this payment's step was undone before it arrived, and has not arrived since. */
    public boolean isVoid(PaymentId payment) {
        Over known = over.get(payment);
        return known != null && known.beforeItArrived();
    }

    /** Whether there is nothing left of this payment that could be undone. */
    public boolean isOver(PaymentId payment) {
        return over.containsKey(payment);
    }

    /** Whether an unknown payment requested then may be an old one that was let go. */
    public boolean isTooLate(Instant requestedAt) {
        return !requestedAt.isAfter(letGo);
    }

    public void remember(PaymentId payment, T what, Instant requestedAt) {
        done.put(payment, new Done<>(what, requestedAt));
    }

    /** The payment's step was refused, or was done and is undone. */
    public void close(PaymentId payment, Instant requestedAt) {
        done.remove(payment);
        keep(payment, new Over(requestedAt, false));
    }

    /** The payment's step was undone before it arrived. */
    public void markVoid(PaymentId payment, Instant requestedAt) {
        keep(payment, new Over(requestedAt, true));
    }

    /** These payments' orders are complete: nothing of them will be undone. */
    public void settle(Collection<PaymentId> payments) {
        for (PaymentId payment : payments) {
            Done<T> settled = done.remove(payment);
            if (settled != null) {
                keep(payment, new Over(settled.requestedAt(), false));
            }
        }
    }

    /** How many payments are remembered. */
    public int size() {
        return done.size() + over.size();
    }

    private void keep(PaymentId payment, Over what) {
        over.remove(payment);
        over.put(payment, what);
        if (over.size() > MOST) {
            Over oldest = over.remove(over.keySet().iterator().next());
            letGo = oldest.requestedAt().isAfter(letGo) ? oldest.requestedAt() : letGo;
        }
    }
}
