package jangter.platform.messaging;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one processor, those that hand out its events and those that handle them. Told that there are events, they begin some time later: what comes
 * meanwhile is read, handled and written with them. A batch costs the same however few its events are, and so does waking up.
 *
 * <p>What they want of each other is done at once, so as long as there are more events than were taken nobody waits. But while others are to go first
 * they gather for longer, and take what there is only as often and one processor after the other, until they are {@link #MOST_BEHIND} behind. Where a segment has as many as it may
 * have waiting, Axon would look again a tenth of a second later; here it does so soon.
 */
final class Gathering extends ScheduledThreadPoolExecutor {

    /** For so long others may go first. */
    static final Duration MOST_BEHIND = Duration.ofSeconds(2);

    /** What Axon's coordinator waits for room, and for nothing else. */
    private static final long PAUSE_MILLIS = 100;
    private static final long INSTEAD_MILLIS = 1;

    private final long nanos;
    private final long nanosBehindOthers;
    private final long nanosUntilRead;
    private final BooleanSupplier othersFirst;
    private final @Nullable Semaphore turns;
    private final LongSupplier nanoTime;
    private final ThreadLocal<Boolean> isOwn = ThreadLocal.withInitial(() -> false);
    private final ThreadLocal<Boolean> hasTurn = ThreadLocal.withInitial(() -> false);
    /** The last batch that was gathered for, begun or not. */
    private @Nullable ScheduledFuture<?> gathered;
    private long hurryUntil;
    private int waiting;
    private int enough = 1;
    private boolean isBehind;
    private long behindSince;

    /**
     * How events are gathered.
     *
     * @param time for how long
     * @param behindOthers for how long while others are to go first
     * @param untilRead how long it may take until what was published can be read
     * @param othersFirst whether there is something more urgent to do in this process
     * @param turns taken by those who step back while others are to go first, so that they do not all come at once; nothing for who does not
     */
    record Manner(Duration time, Duration behindOthers, Duration untilRead, BooleanSupplier othersFirst, @Nullable Semaphore turns) {

        /** For that long, whatever else there is to do. */
        static Manner always(Duration time) {
            return new Manner(time, time, time, () -> false, null);
        }
    }

    /** So many threads. */
    Gathering(int threads, ThreadFactory factory, Manner manner, LongSupplier nanoTime) {
        super(threads, factory);
        this.nanos = manner.time().toNanos();
        this.nanosBehindOthers = manner.behindOthers().toNanos();
        this.nanosUntilRead = manner.untilRead().toNanos();
        this.othersFirst = manner.othersFirst();
        this.turns = manner.turns();
        this.nanoTime = nanoTime;
        this.hurryUntil = nanoTime.getAsLong();
        setRemoveOnCancelPolicy(true);
    }

    /**
     * Somebody waits for what was published just now. Once as many do as were served by the last batch, the next one begins soon: so who is alone waits for
     * nobody, and those who come together again and again are served together. It may not be there to be read yet, so for as long again
     * what comes is not gathered for longer either.
     */
    synchronized void isAwaited() {
        if (++waiting >= enough) {
            hurryUntil = nanoTime.getAsLong() + 2 * nanosUntilRead;
            if (gathered instanceof Runnable batch && gathered.getDelay(TimeUnit.NANOSECONDS) > nanosUntilRead && getQueue().remove(gathered)) {
                gathered = super.schedule(batch, nanosUntilRead, TimeUnit.NANOSECONDS);
            }
        }
    }

    @Override
    protected void beforeExecute(Thread thread, Runnable task) {
        isOwn.set(true);
        begins(task);
        takeTurn();
    }

    /** Nobody waits for his turn until he is further behind than one may be. */
    private void takeTurn() {
        long longest = turns == null ? 0 : mayStepBackFor();
        if (longest > 0) {
            try {
                hasTurn.set(turns.tryAcquire(longest, TimeUnit.NANOSECONDS));
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    protected void afterExecute(Runnable task, @Nullable Throwable failure) {
        if (turns != null && hasTurn.get()) {
            hasTurn.set(false);
            turns.release();
        }
    }

    private synchronized void begins(Runnable task) {
        if (task == gathered && waiting > 0) {
            enough = waiting;
            waiting = 0;
        }
    }

    /** A batch, which is handled as soon as it is handed out. */
    @Override
    public Future<?> submit(Runnable batch) {
        return plan(batch, isOwn.get() ? 0 : nanos);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        if (delay == 0) {
            return plan(task, pause(isOwn.get() ? 0 : nanos));
        }
        boolean isForRoom = unit.toMillis(delay) == PAUSE_MILLIS;
        if (isOwn.get() && !isForRoom) {
            hasCaughtUp();
        }
        return isForRoom ? super.schedule(task, INSTEAD_MILLIS, TimeUnit.MILLISECONDS) : super.schedule(task, delay, unit);
    }

    private synchronized ScheduledFuture<?> plan(Runnable batch, long pause) {
        boolean isInAHurry = hurryUntil - nanoTime.getAsLong() > 0;
        ScheduledFuture<?> plan = super.schedule(batch, isInAHurry ? Math.min(nanosUntilRead, pause) : pause, TimeUnit.NANOSECONDS);
        if (pause > 0) {
            gathered = plan;
        }
        return plan;
    }

    private synchronized long pause(long usual) {
        if (!isBehind) {
            isBehind = true;
            behindSince = nanoTime.getAsLong();
        }
        return mayStepBackFor() > 0 ? Math.max(usual, nanosBehindOthers) : usual;
    }

    /** For how many nanoseconds others may still go first. */
    private synchronized long mayStepBackFor() {
        long behind = isBehind ? nanoTime.getAsLong() - behindSince : 0;
        return othersFirst.getAsBoolean() ? MOST_BEHIND.toNanos() - behind : 0;
    }

    /** Only who has nothing to do plans for later. */
    private synchronized void hasCaughtUp() {
        isBehind = false;
    }
}
