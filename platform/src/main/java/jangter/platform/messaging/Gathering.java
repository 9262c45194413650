package jangter.platform.messaging;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads that handle a processor's batches, each of them some time after its first event came. What comes meanwhile is handled with it: a
 * batch is read, written and followed by its token at the same cost, however few its events are. After a batch that was as large as it may
 * be the next follows at once.
 */
final class Gathering extends ScheduledThreadPoolExecutor {

    /** Whether there are more events than this thread's batch could take. */
    private static final ThreadLocal<Boolean> MORE = ThreadLocal.withInitial(() -> false);

    private final long nanos;

    Gathering(int threads, ThreadFactory factory, Duration time) {
        super(threads, factory);
        this.nanos = time.toNanos();
    }

    /** The batch that this thread handles could not take all that came. */
    static void more() {
        MORE.set(true);
    }

    @Override
    protected void beforeExecute(Thread thread, Runnable batch) {
        MORE.set(false);
    }

    @Override
    public Future<?> submit(Runnable batch) {
        return schedule(batch, MORE.get() ? 0 : nanos, TimeUnit.NANOSECONDS);
    }
}
