package jangter.platform.messaging;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads of one processor, those that hand out its events and those that handle them. Told that there are events, they begin some time later: what comes
 * meanwhile is read, handled and written with them. A batch costs the same however few its events are, and so does waking up.
 *
 * <p>What they want of each other is done at once, so as long as there are more events than were taken nobody waits. Where a segment has as many as it may
 * have waiting, Axon would look again a tenth of a second later; here it does so soon.
 */
final class Gathering extends ScheduledThreadPoolExecutor {

    /** What Axon's coordinator waits for room, and for nothing else. */
    private static final long PAUSE_MILLIS = 100;
    private static final long INSTEAD_MILLIS = 1;

    private final long nanos;
    private final ThreadLocal<Boolean> isOwn = ThreadLocal.withInitial(() -> false);

    Gathering(int threads, ThreadFactory factory, Duration time) {
        super(threads, factory);
        this.nanos = time.toNanos();
        setRemoveOnCancelPolicy(true);
    }

    @Override
    protected void beforeExecute(Thread thread, Runnable task) {
        isOwn.set(true);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        if (delay == 0 && !isOwn.get()) {
            return super.schedule(task, nanos, TimeUnit.NANOSECONDS);
        }
        return unit.toMillis(delay) == PAUSE_MILLIS ? super.schedule(task, INSTEAD_MILLIS, TimeUnit.MILLISECONDS) : super.schedule(task, delay, unit);
    }
}
