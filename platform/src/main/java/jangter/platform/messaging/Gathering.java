package jangter.platform.messaging;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The threads of one processor, those that hand out its events and those that handle them. Told that there are events, they begin some time later: what comes
 * meanwhile is read, handled and written with them. A batch costs the same however few its events are, and so does waking up.
 *
 * <p>What they want of each other is done at once, so as long as there are more events than were taken nobody waits. But while others are to go first
 * they gather for longer, and take what there is only as often, until they are {@link #MOST_BEHIND} behind. Where a segment has as many as it may
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
    private final BooleanSupplier othersFirst;
    private final LongSupplier nanoTime;
    private final ThreadLocal<Boolean> isOwn = ThreadLocal.withInitial(() -> false);
    private boolean isBehind;
    private long behindSince;

    Gathering(int threads, ThreadFactory factory, Duration time) {
        this(threads, factory, time, time, () -> false, System::nanoTime);
    }

    /**
     * So many threads.
     *
     * @param time how long events are gathered
     * @param behindOthers how long while others are to go first
     * @param othersFirst whether there is something more urgent to do in this process
     */
    Gathering(int threads, ThreadFactory factory, Duration time, Duration behindOthers, BooleanSupplier othersFirst, LongSupplier nanoTime) {
        super(threads, factory);
        this.nanos = time.toNanos();
        this.nanosBehindOthers = behindOthers.toNanos();
        this.othersFirst = othersFirst;
        this.nanoTime = nanoTime;
        setRemoveOnCancelPolicy(true);
    }

    @Override
    protected void beforeExecute(Thread thread, Runnable task) {
        isOwn.set(true);
    }

    /** A batch, which is handled as soon as it is handed out. */
    @Override
    public Future<?> submit(Runnable batch) {
        return super.schedule(batch, isOwn.get() ? 0 : nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        if (delay == 0) {
            return super.schedule(task, pause(isOwn.get() ? 0 : nanos), TimeUnit.NANOSECONDS);
        }
        boolean isForRoom = unit.toMillis(delay) == PAUSE_MILLIS;
        if (isOwn.get() && !isForRoom) {
            hasCaughtUp();
        }
        return isForRoom ? super.schedule(task, INSTEAD_MILLIS, TimeUnit.MILLISECONDS) : super.schedule(task, delay, unit);
    }

    private synchronized long pause(long usual) {
        if (!isBehind) {
            isBehind = true;
            behindSince = nanoTime.getAsLong();
        }
        return othersFirst.getAsBoolean() && nanoTime.getAsLong() - behindSince < MOST_BEHIND.toNanos() ? Math.max(usual, nanosBehindOthers) : usual;
    }

    /** Only who has nothing to do plans for later. */
    private synchronized void hasCaughtUp() {
        isBehind = false;
    }
}
