package jangter.platform.messaging;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads that handle a processor's batches, each of them some time after its first event came. What comes meanwhile is handled with it: a
 * batch is read, written and followed by its token at the same cost, however few its events are.
 */
final class Gathering extends ScheduledThreadPoolExecutor {

    private final long nanos;

    Gathering(int threads, ThreadFactory factory, Duration time) {
        super(threads, factory);
        this.nanos = time.toNanos();
    }

    @Override
    public Future<?> submit(Runnable batch) {
        return schedule(batch, nanos, TimeUnit.NANOSECONDS);
    }
}
