package jangter.platform.messaging;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The thread that hands a processor's events to its segments. Where one of them has as many as it may have waiting, Axon looks again a tenth of
 * a second later, which is ten times a thousand events a second at best, however fast they are handled: here it looks again at once.
 */
final class WithoutPauses extends ScheduledThreadPoolExecutor {

    /** What Axon's coordinator waits for room, and for nothing else. */
    private static final long PAUSE_MILLIS = 100;
    private static final long INSTEAD_MILLIS = 1;

    WithoutPauses(ThreadFactory threads) {
        super(1, threads);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        return unit.toMillis(delay) == PAUSE_MILLIS ? super.schedule(task, INSTEAD_MILLIS, TimeUnit.MILLISECONDS) : super.schedule(task, delay, unit);
    }
}
