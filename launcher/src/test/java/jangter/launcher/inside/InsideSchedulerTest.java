package jangter.launcher.inside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jangter.axonserver.scheduling.EventScheduler;
import jangter.axonserver.store.InMemoryEventStore;
import jangter.kernel.OrderId;
import jangter.platform.batch.TokenAfterBatch;
import jangter.platform.messaging.Serializers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.scheduling.ScheduleToken;
import org.axonframework.eventhandling.scheduling.java.SimpleScheduleToken;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.NoOpEventUpcaster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InsideSchedulerTest {

    record Overdue(OrderId order) {
    }

    private static final Instant NOON = Instant.parse("2026-10-01T12:00:00Z");
    private static final Instant LATER = NOON.plusSeconds(3_600);
    private static final UUID NONCE = UUID.fromString("00000000-0000-0000-0000-000000000001");
    private static final Overdue OVERDUE = new Overdue(new OrderId("order-1"));

    private final Serializer json = Serializers.json();
    private final WireEvents wire = new WireEvents(json);
    private final InMemoryEventStore store = new InMemoryEventStore();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Clock clock = Clock.fixed(NOON, ZoneOffset.UTC);
    private final InsideScheduler scheduler = new InsideScheduler(new EventScheduler(store, clock, timer), wire, () -> NONCE, clock);
    private final InMemoryTokenStore storedTokens = new InMemoryTokenStore();
    private final TokenAfterBatch tokens = new TokenAfterBatch(storedTokens, Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofMillis(200), () -> 0,
            () -> 0);
    private long position;

    InsideSchedulerTest() {
        storedTokens.initializeTokenSegments("saga-checkout", 1);
    }

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    // --- by whoever is no saga

    @Test
    void what_is_scheduled_outside_of_a_saga_is_stored_at_once() {
        ScheduleToken token = scheduler.schedule(LATER, OVERDUE);

        assertThat(token).isEqualTo(new SimpleScheduleToken(NONCE.toString()));
        assertThat(store.nextDue()).hasValue(LATER.toEpochMilli());
        assertThat(published()).singleElement().satisfies(event -> {
            assertThat(event.getPayload()).isEqualTo(OVERDUE);
            assertThat(event.getTimestamp()).isEqualTo(LATER);
        });
    }

    @Test
    void what_is_scheduled_where_nothing_is_kept_is_stored_at_once_too() {
        DefaultUnitOfWork<?> command = DefaultUnitOfWork.startAndGet(GenericEventMessage.asEventMessage("command"));

        scheduler.schedule(LATER, OVERDUE);

        assertThat(store.nextDue()).hasValue(LATER.toEpochMilli());
        command.commit();
    }

    @Test
    void what_is_to_come_after_a_while_comes_after_a_while_of_the_shops_time() {
        scheduler.schedule(Duration.ofMinutes(10), OVERDUE);

        assertThat(store.nextDue()).hasValue(NOON.plusSeconds(600).toEpochMilli());
    }

    @Test
    void what_was_cancelled_is_not_published() {
        ScheduleToken token = scheduler.schedule(LATER, OVERDUE);

        scheduler.cancelSchedule(token);

        assertThat(store.nextDue()).isEmpty();
        assertThat(published()).isEmpty();
    }

    @Test
    void to_cancel_what_is_unknown_is_nothing() {
        scheduler.schedule(LATER, OVERDUE);

        scheduler.cancelSchedule(new SimpleScheduleToken("unknown"));

        assertThat(published()).hasSize(1);
    }

    // --- by a saga

    @Test
    void what_a_saga_schedules_is_stored_when_the_saga_is_saved() {
        handle(() -> scheduler.schedule(LATER, OVERDUE));
        assertThat(store.nextDue()).isEmpty();

        save();

        assertThat(store.nextDue()).hasValue(LATER.toEpochMilli());
        assertThat(published()).extracting(EventMessage::getPayload).isEqualTo(List.of(OVERDUE));
    }

    @Test
    void it_is_stored_once() {
        handle(() -> scheduler.schedule(LATER, OVERDUE));
        save();
        assertThat(published()).hasSize(1);

        handle(() -> { });
        save();

        assertThat(store.nextDue()).isEmpty();
    }

    @Test
    void what_is_cancelled_before_the_saga_is_saved_is_never_stored() {
        AtomicReference<ScheduleToken> token = new AtomicReference<>();
        handle(() -> token.set(scheduler.schedule(LATER, OVERDUE)));
        handle(() -> scheduler.cancelSchedule(token.get()));

        save();

        assertThat(store.nextDue()).isEmpty();
        assertThat(published()).isEmpty();
    }

    @Test
    void what_is_cancelled_after_the_saga_was_saved_is_not_published() {
        AtomicReference<ScheduleToken> token = new AtomicReference<>();
        handle(() -> token.set(scheduler.schedule(LATER, OVERDUE)));
        save();

        handle(() -> scheduler.cancelSchedule(token.get()));

        assertThat(published()).isEmpty();
    }

    @Test
    void what_a_failed_batch_scheduled_is_never_stored() {
        assertThatThrownBy(() -> handle(() -> {
            scheduler.schedule(LATER, OVERDUE);
            throw new IllegalStateException("broken");
        })).hasMessage("broken");

        tokens.releaseClaim("saga-checkout", 0);

        assertThat(store.nextDue()).isEmpty();
    }

    @Test
    void it_tells_on_whose_behalf_it_was_scheduled_though_it_is_stored_later() {
        handle(() -> scheduler.schedule(LATER, OVERDUE));
        save();

        assertThat(published()).singleElement().satisfies(event -> assertThat(event.getMetaData()).containsEntry("askedBy", "alice"));
    }

    /** One batch of the segment that a saga is in. */
    private void handle(Runnable handler) {
        DefaultUnitOfWork<?> batch = new DefaultUnitOfWork<>(GenericEventMessage.asEventMessage("event"));
        batch.registerCorrelationDataProvider(message -> Map.of("askedBy", "alice"));
        batch.onPrepareCommit(committing -> tokens.storeToken(new GlobalSequenceTrackingToken(position++), "saga-checkout", 0));
        var result = batch.executeWithResult(() -> {
            tokens.begin(batch, "saga-checkout", 0);
            handler.run();
            return null;
        });
        if (result.isExceptional()) {
            throw (RuntimeException) result.exceptionResult();
        }
    }

    private void save() {
        tokens.extendClaim("saga-checkout", 0);
    }

    /** What is there once it is later. */
    private List<? extends EventMessage<?>> published() {
        store.publishDue(LATER.toEpochMilli()).join();
        InsideEventStorage storage = InsideEventStorage.of(store, new Appends(store, aggregate -> { }), wire, json, NoOpEventUpcaster.INSTANCE);
        return store.read(0, 1_000_000).stream().flatMap(block -> storage.messages(block).stream()).toList();
    }
}
