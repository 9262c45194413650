package jangter.axonserver.scheduling;

import jangter.axonserver.store.EventStore;
import jangter.axonserver.store.ScheduledEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Wakes when the next scheduled event is due, and has the store publish it. What was due while the server was away goes out first. */
public final class EventScheduler {

    private static final Logger log = LoggerFactory.getLogger(EventScheduler.class);
    private static final long LONGEST_SLEEP_MILLIS = 60_000;
    private static final long AFTER_FAILURE_MILLIS = 1_000;

    private final EventStore store;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private long wakeAt = Long.MAX_VALUE;
    private @Nullable ScheduledFuture<?> alarm;

    public EventScheduler(EventStore store, Clock clock, ScheduledExecutorService timer) {
        this.store = store;
        this.clock = clock;
        this.timer = timer;
    }

    public void start() {
        timer.execute(this::sleepUntilNextIsDue);
    }

    public CompletableFuture<Void> schedule(ScheduledEvent event) {
        return store.schedule(event).thenRun(() -> wakeNoLaterThan(event.instant()));
    }

    /** Cancelling what is unknown, or already published, succeeds. */
    public CompletableFuture<Void> cancel(String scheduleToken) {
        return store.cancel(scheduleToken);
    }

    private synchronized void wakeNoLaterThan(long instant) {
        if (instant >= wakeAt) {
            return;
        }
        wakeAt = instant;
        if (alarm != null) {
            alarm.cancel(false);
        }
        if (!timer.isShutdown()) {
            alarm = timer.schedule(this::publishDue, Math.max(0, instant - clock.millis()), TimeUnit.MILLISECONDS);
        }
    }

    private void publishDue() {
        synchronized (this) {
            wakeAt = Long.MAX_VALUE;
        }
        store.publishDue(clock.millis()).whenComplete((done, failure) -> {
            if (failure != null) {
                log.warn("Scheduled events could not be published: {}", failure.getMessage());
            }
            if (!timer.isShutdown()) {
                timer.schedule(this::sleepUntilNextIsDue, failure == null ? 0 : AFTER_FAILURE_MILLIS, TimeUnit.MILLISECONDS);
            }
        });
    }

    private void sleepUntilNextIsDue() {
        try {
            long latest = clock.millis() + LONGEST_SLEEP_MILLIS;
            wakeNoLaterThan(Math.min(store.nextDue().orElse(latest), latest));
        } catch (RuntimeException e) {
            if (timer.isShutdown()) {
                return;
            }
            log.warn("Scheduled events could not be read: {}", e.getMessage());
            wakeNoLaterThan(clock.millis() + AFTER_FAILURE_MILLIS);
        }
    }
}
