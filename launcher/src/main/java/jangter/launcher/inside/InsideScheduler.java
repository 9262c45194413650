package jangter.launcher.inside;

import jangter.axonserver.scheduling.EventScheduler;
import jangter.axonserver.store.ScheduledEvent;
import jangter.platform.batch.Batch;
import jangter.platform.batch.SegmentMemory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.scheduling.ScheduleToken;
import org.axonframework.eventhandling.scheduling.java.SimpleScheduleToken;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Events to be published later, kept by an Axon Server in this JVM. What a saga schedules is kept in memory until the saga is saved, and stored before it is:
 * most timers are stopped before that. Whoever loses it loses the saga's events of that time with it, handles them again, and schedules it again.
 */
final class InsideScheduler implements org.axonframework.eventhandling.scheduling.EventScheduler {

    private static final Logger LOG = LoggerFactory.getLogger(InsideScheduler.class);

    private final EventScheduler scheduler;
    private final WireEvents wire;
    private final Supplier<UUID> nonces;
    private final Clock clock;

    InsideScheduler(EventScheduler scheduler, WireEvents wire, Supplier<UUID> nonces, Clock clock) {
        this.scheduler = scheduler;
        this.wire = wire;
        this.nonces = nonces;
        this.clock = clock;
    }

    @Override
    public ScheduleToken schedule(Instant at, Object event) {
        String token = nonces.get().toString();
        // as a message now: it takes from the unit of work on whose behalf it is
        var message = GenericEventMessage.asEventMessage(event);
        if (isOfSaga()) {
            timers().unsaved.put(token, () -> new ScheduledEvent(token, at.toEpochMilli(), wire.written(message)));
        } else {
            Appends.await(scheduler.schedule(new ScheduledEvent(token, at.toEpochMilli(), wire.written(message))));
        }
        return new SimpleScheduleToken(token);
    }

    @Override
    public ScheduleToken schedule(Duration after, Object event) {
        return schedule(clock.instant().plus(after), event);
    }

    /** A timer that is stored and rings although it was stopped is no news to anybody, so it is not waited for. */
    @Override
    public void cancelSchedule(ScheduleToken scheduled) {
        String token = ((SimpleScheduleToken) scheduled).getTokenId();
        if (!isOfSaga() || timers().unsaved.remove(token) == null) {
            scheduler.cancel(token).exceptionally(failure -> {
                LOG.debug("The timer {} could not be stopped", token, failure);
                return null;
            });
        }
    }

    private static boolean isOfSaga() {
        return CurrentUnitOfWork.isStarted() && Batch.current().isOfSegment();
    }

    private Timers timers() {
        return Batch.current().memory().content(this, Timers.class, Timers::new);
    }

    /** One segment's. */
    private final class Timers implements SegmentMemory.Content {

        private final Map<String, Supplier<ScheduledEvent>> unsaved = new LinkedHashMap<>();

        @Override
        public boolean isUnsaved() {
            return !unsaved.isEmpty();
        }

        /** Before any saga that counts on them is saved. */
        @Override
        public Mono<Void> prepare() {
            return Mono.fromFuture(() -> CompletableFuture.allOf(List.copyOf(unsaved.values()).stream().map(Supplier::get).map(scheduler::schedule)
                    .toArray(CompletableFuture[]::new)));
        }

        @Override
        public Mono<Void> finish(long position) {
            unsaved.clear();
            return Mono.empty();
        }
    }
}
