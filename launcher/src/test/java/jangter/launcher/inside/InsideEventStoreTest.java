package jangter.launcher.inside;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.axoniq.axonserver.grpc.event.Event;
import jangter.axonserver.DevelopmentAxonServer;
import jangter.axonserver.Settings;
import jangter.kernel.OrderId;
import jangter.platform.messaging.Serializers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.config.Configuration;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.GenericTrackedEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.monitoring.NoOpMessageMonitor;
import org.axonframework.serialization.Revision;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.NoOpEventUpcaster;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The events of one server as they are seen from inside of its JVM, beside Axon's own way over its port. */
@Timeout(60)
class InsideEventStoreTest {

    /** The store keeps milliseconds. */
    private static final Instant NOON = Instant.parse("2026-10-01T12:00:00.123456Z");
    private static final Instant STORED_NOON = Instant.parse("2026-10-01T12:00:00.123Z");
    private static final OrderId ORDER = new OrderId("order-1");

    @Revision("3")
    record Placed(OrderId order, int amount) {
    }

    record Paid(OrderId order) {
    }

    /** What nobody handles. */
    record Noise(int number) {
    }

    record Balance(int amount) {
    }

    enum Way {
        INSIDE, OVER_THE_PORT
    }

    @TempDir
    Path folder;

    private final Serializer json = Serializers.json();
    private DevelopmentAxonServer server;
    private Beside beside;
    private Configuration within;
    private EventStore inside;
    private EventStore overThePort;

    @BeforeEach
    void start() {
        server = DevelopmentAxonServer.start(Settings.onFolder(folder));
        beside = Beside.at(server, "beside");
        overThePort = beside.axon().eventStore();
        within = DefaultConfigurer.defaultConfiguration(false).configureSerializer(configuration -> json)
                .configureEventStore(configuration -> InsideEventStore.of(server.store(), storage(), NoOpMessageMonitor.instance())).start();
        inside = within.eventStore();
    }

    private InsideEventStorage storage() {
        return InsideEventStorage.of(server.store(), new Appends(server.store(), aggregate -> { }), new WireEvents(json), json, NoOpEventUpcaster.INSTANCE);
    }

    @AfterEach
    void stop() {
        within.shutdown();
        beside.close();
        server.close();
    }

    private EventStore store(Way way) {
        return way == Way.INSIDE ? inside : overThePort;
    }

    // --- one and the same

    /** All that is told of an event. */
    private record Facts(@Nullable TrackingToken token, @Nullable String type, @Nullable String aggregate, long sequence, String id, Instant at, Object payload,
            Map<String, ?> metaData) {

        static Facts of(EventMessage<?> event) {
            TrackingToken token = event instanceof TrackedEventMessage<?> tracked ? tracked.trackingToken() : null;
            DomainEventMessage<?> domain = event instanceof DomainEventMessage<?> of ? of : null;
            return new Facts(token, domain == null ? null : domain.getType(), domain == null ? null : domain.getAggregateIdentifier(),
                    domain == null ? -1 : domain.getSequenceNumber(), event.getIdentifier(), event.getTimestamp(), event.getPayload(),
                    Map.copyOf(event.getMetaData()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_is_appended_one_way_is_read_both_ways_as_it_was(Way way) {
        store(way).publish(placed(0), paid(1));
        store(way).publish(new GenericEventMessage<>("news-1", new Noise(7), metaData(), NOON));

        List<Facts> read = readFrom(inside, null, 3);
        assertThat(read).isEqualTo(readFrom(overThePort, null, 3));
        assertThat(read).extracting(Facts::token).containsExactly(at(0), at(1), at(2));
        assertThat(read).extracting(Facts::payload).containsExactly(new Placed(ORDER, 100), new Paid(ORDER), new Noise(7));
        assertThat(read).extracting(Facts::sequence).startsWith(0L, 1L);
        assertThat(read).extracting(Facts::id).containsExactly("order-1/0", "order-1/1", "news-1");
        assertThat(read).extracting(Facts::at).containsOnly(STORED_NOON);
        assertThat(read).allSatisfy(facts -> assertThat(facts.metaData()).isEqualTo(Map.copyOf(metaData())));
        List<Facts> ofAggregate = events(inside, "order-1");
        assertThat(ofAggregate).isEqualTo(events(overThePort, "order-1")).hasSize(2);
        assertThat(ofAggregate).extracting(Facts::type).containsOnly("Order");
    }

    @Test
    void both_ways_lie_in_the_store_as_the_same() throws Exception {
        inside.publish(placed(0));
        overThePort.publish(placed(1));

        List<Event> stored = stored();
        assertThat(stored.get(0).toBuilder().setAggregateSequenceNumber(1).setMessageIdentifier("order-1/1").build()).isEqualTo(stored.get(1));
        assertThat(stored.get(0).getPayload().getRevision()).isEqualTo("3");
    }

    @ParameterizedTest
    @EnumSource
    void events_are_read_from_a_snapshot_on_whichever_way_it_was_stored(Way way) {
        inside.publish(placed(0), paid(1));
        store(way).storeSnapshot(new GenericDomainEventMessage<>("Order", "order-1", 0, new Balance(100), metaData(), "snapshot-1", NOON));
        await().until(() -> !server.store().readSnapshots("order-1", 0, Long.MAX_VALUE, 1).isEmpty());

        assertThat(payloads(inside, "order-1")).isEqualTo(payloads(overThePort, "order-1")).containsExactly(new Balance(100), new Paid(ORDER));
        assertThat(inside.readEvents("order-1").asStream().map(DomainEventMessage::getSequenceNumber)).containsExactly(0L, 1L);
    }

    @Test
    void of_several_snapshots_the_newest_counts() {
        inside.publish(placed(0), paid(1));
        inside.storeSnapshot(new GenericDomainEventMessage<>("Order", "order-1", 0, new Balance(100)));
        await().until(() -> !server.store().readSnapshots("order-1", 0, Long.MAX_VALUE, 1).isEmpty());
        inside.storeSnapshot(new GenericDomainEventMessage<>("Order", "order-1", 1, new Balance(0)));
        await().until(() -> !server.store().readSnapshots("order-1", 1, Long.MAX_VALUE, 1).isEmpty());

        assertThat(payloads(inside, "order-1")).isEqualTo(payloads(overThePort, "order-1")).containsExactly(new Balance(0));
    }

    @Test
    void a_snapshot_of_what_is_not_stored_is_passed_over() {
        inside.publish(placed(0));

        inside.storeSnapshot(new GenericDomainEventMessage<>("Order", "order-1", 5, new Balance(100)));
        inside.publish(paid(1));

        assertThat(payloads(inside, "order-1")).containsExactly(new Placed(ORDER, 100), new Paid(ORDER));
    }

    @Test
    void an_aggregate_longer_than_a_page_is_read_whole_and_from_any_event_on() {
        inside.publish(IntStream.range(0, 3_000).mapToObj(InsideEventStoreTest::placed).toList());

        assertThat(events(inside, "order-1")).isEqualTo(events(overThePort, "order-1")).hasSize(3_000);
        assertThat(inside.readEvents("order-1", 2_990).asStream().map(DomainEventMessage::getSequenceNumber))
                .containsExactlyElementsOf(LongStream.range(2_990, 3_000).boxed().toList());
        assertThat(events(inside, "unknown")).isEmpty();
    }

    @Test
    void both_ways_agree_where_the_events_begin_and_end() {
        assertThat(inside.createTailToken()).isEqualTo(overThePort.createTailToken());
        assertThat(inside.createHeadToken()).isEqualTo(overThePort.createHeadToken()).isNull();
        assertThat(inside.lastSequenceNumberFor("order-1")).isEqualTo(overThePort.lastSequenceNumberFor("order-1")).isEmpty();

        inside.publish(placed(0), paid(1));

        assertThat(inside.createTailToken()).isEqualTo(overThePort.createTailToken());
        assertThat(inside.createHeadToken()).isEqualTo(overThePort.createHeadToken()).isEqualTo(at(1));
        assertThat(inside.lastSequenceNumberFor("order-1")).isEqualTo(overThePort.lastSequenceNumberFor("order-1")).hasValue(1L);
    }

    @Test
    void both_ways_agree_where_the_events_of_a_time_begin() {
        assertThat(inside.createTokenAt(NOON)).isEqualTo(overThePort.createTokenAt(NOON)).isNull();
        inside.publish(dated(0, NOON));
        inside.publish(dated(1, NOON.plusSeconds(10)));

        for (int seconds : List.of(-1, 0, 1, 10, 11)) {
            Instant instant = NOON.plusSeconds(seconds);
            assertThat(inside.createTokenAt(instant)).as("%s", instant).isEqualTo(overThePort.createTokenAt(instant));
        }
        assertThat(inside.createTokenAt(STORED_NOON.plusSeconds(10))).as("the events after it are those").isEqualTo(at(0));
    }

    // --- written

    @ParameterizedTest
    @EnumSource
    void who_writes_second_is_refused(Way way) {
        inside.publish(placed(0));

        assertThatThrownBy(() -> store(way).publish(placed(0)))
                .hasMessageContaining("[AXONIQ-2000] Invalid sequence number 0 for aggregate order-1, expected 1");
    }

    @Test
    void what_a_unit_of_work_publishes_is_one_transaction() {
        inside.publish(placed(0));
        DefaultUnitOfWork<?> fits = DefaultUnitOfWork.startAndGet(GenericEventMessage.asEventMessage("command"));
        inside.publish(paid(1));
        inside.publish(new GenericEventMessage<>(new Noise(1)));
        assertThat(server.store().lastToken()).as("before it commits").isZero();
        fits.commit();
        assertThat(server.store().lastToken()).isEqualTo(2);

        DefaultUnitOfWork<?> doesNot = DefaultUnitOfWork.startAndGet(GenericEventMessage.asEventMessage("command"));
        inside.publish(new GenericEventMessage<>(new Noise(2)));
        inside.publish(paid(1));
        assertThatThrownBy(doesNot::commit).isInstanceOf(ConcurrencyException.class);
        assertThat(server.store().lastToken()).isEqualTo(2);
    }

    @Test
    void what_was_published_by_what_cannot_commit_is_not_there() {
        DefaultUnitOfWork<?> unitOfWork = DefaultUnitOfWork.startAndGet(GenericEventMessage.asEventMessage("command"));
        inside.publish(placed(0));
        unitOfWork.onPrepareCommit(committing -> {
            throw new IllegalStateException("broken");
        });

        assertThatThrownBy(unitOfWork::commit).hasMessage("broken");

        assertThat(server.store().lastToken()).isEqualTo(-1);
    }

    @Test
    void what_a_unit_of_work_published_that_is_rolled_back_is_not_there() {
        DefaultUnitOfWork<?> unitOfWork = DefaultUnitOfWork.startAndGet(GenericEventMessage.asEventMessage("command"));
        inside.publish(placed(0));

        unitOfWork.rollback();

        assertThat(server.store().lastToken()).isEqualTo(-1);
    }

    // --- followed

    @Test
    void a_stream_hands_out_what_is_appended_later_whichever_way() throws Exception {
        inside.publish(placed(0));
        try (BlockingStream<TrackedEventMessage<?>> stream = inside.openStream(inside.createHeadToken())) {
            assertThat(stream.hasNextAvailable(10, MILLISECONDS)).isFalse();

            overThePort.publish(paid(1));
            assertThat(stream.hasNextAvailable(10, SECONDS)).isTrue();
            assertThat(stream.nextAvailable().getPayload()).isEqualTo(new Paid(ORDER));

            inside.publish(paid(2));
            assertThat(stream.nextAvailable().trackingToken()).isEqualTo(at(2));
            assertThat(stream.peek()).isEmpty();
        }
    }

    @Test
    void who_waits_at_the_end_is_woken_by_what_is_appended() throws Exception {
        try (BlockingStream<TrackedEventMessage<?>> stream = inside.openStream(null)) {
            CompletableFuture<Boolean> waiting = new CompletableFuture<>();
            Thread reader = new Thread(() -> {
                try {
                    waiting.complete(stream.hasNextAvailable(60, SECONDS));
                } catch (InterruptedException interrupted) {
                    waiting.completeExceptionally(interrupted);
                }
            });
            reader.start();
            await().until(() -> reader.getState() == Thread.State.TIMED_WAITING);

            inside.publish(placed(0));

            assertThat(waiting.get(10, SECONDS)).isTrue();
        }
    }

    @Test
    void what_is_looked_at_is_handed_out_next() throws Exception {
        inside.publish(placed(0), paid(1));
        try (BlockingStream<TrackedEventMessage<?>> stream = inside.openStream(null)) {
            assertThat(stream.peek()).map(TrackedEventMessage::trackingToken).contains(at(0));
            assertThat(stream.peek()).map(TrackedEventMessage::trackingToken).contains(at(0));
            assertThat(stream.nextAvailable().trackingToken()).isEqualTo(at(0));
            assertThat(stream.nextAvailable().trackingToken()).isEqualTo(at(1));
        }
    }

    @Test
    void a_stream_begins_in_the_middle_of_what_was_appended_together() {
        inside.publish(IntStream.range(0, 10).mapToObj(InsideEventStoreTest::placed).toList());

        assertThat(readFrom(inside, at(4), 5)).isEqualTo(readFrom(overThePort, at(4), 5)).extracting(Facts::token)
                .containsExactly(at(5), at(6), at(7), at(8), at(9));
        assertThat(readFrom(inside, at(9), 0)).isEmpty();
    }

    @Test
    void a_stream_passes_through_more_than_is_read_at_once() {
        inside.publish(IntStream.range(0, 5_000).mapToObj(InsideEventStoreTest::placed).toList());
        inside.publish(placed(5_000));

        assertThat(readFrom(inside, at(17), 4_983)).extracting(facts -> facts.token().position().orElseThrow())
                .containsExactlyElementsOf(LongStream.rangeClosed(18, 5_000).boxed().toList());
    }

    @ParameterizedTest
    @EnumSource
    void all_who_follow_get_the_same_event_which_was_made_of_its_bytes_once_at_most(Way way) throws Exception {
        try (BlockingStream<TrackedEventMessage<?>> one = inside.openStream(null); BlockingStream<TrackedEventMessage<?>> another = inside.openStream(null)) {
            store(way).publish(placed(0));

            assertThat(one.nextAvailable().getPayload()).isSameAs(another.nextAvailable().getPayload());
        }
    }

    /** Who comes later gets what lies in the store, as after a restart. */
    @Test
    void what_all_who_follow_have_read_is_not_kept() throws Exception {
        try (BlockingStream<TrackedEventMessage<?>> one = inside.openStream(null); BlockingStream<TrackedEventMessage<?>> another = inside.openStream(null)) {
            inside.publish(placed(0));
            Object first = one.nextAvailable().getPayload();
            inside.publish(paid(1));
            one.nextAvailable();
            assertThat(after(null)).describedAs("one of them has still to read it").isSameAs(first);

            another.nextAvailable();
            another.nextAvailable();

            AtomicInteger next = new AtomicInteger(2);
            await().untilAsserted(() -> {
                // it is forgotten with what comes next, unless that very moment who looks here is reading it
                inside.publish(paid(next.getAndIncrement()));
                one.nextAvailable();
                another.nextAvailable();
                assertThat(after(null)).isEqualTo(first).isNotSameAs(first);
            });
        }
    }

    @Test
    void what_someone_at_the_end_does_not_want_is_not_kept_for_it() throws Exception {
        inside.publish(noise(0));
        try (BlockingStream<TrackedEventMessage<?>> one = inside.openStream(null); BlockingStream<TrackedEventMessage<?>> idle = inside.openStream(null)) {
            idle.skipMessagesWithPayloadTypeOf(idle.nextAvailable());
            assertThat(idle.hasNextAvailable(10, MILLISECONDS)).isFalse();
            one.nextAvailable();

            inside.publish(noise(1));
            Object first = one.nextAvailable().getPayload();
            inside.publish(noise(2));
            assertThat(one.nextAvailable().getPayload()).isEqualTo(new Noise(2));

            AtomicInteger last = new AtomicInteger(2);
            await().untilAsserted(() -> {
                // it is forgotten with what comes next, unless that very moment who looks here is reading it
                inside.publish(noise(last.incrementAndGet()));
                one.nextAvailable();
                assertThat(after(at(0))).isEqualTo(first).isNotSameAs(first);
            });
            assertThat(idle.nextAvailable().trackingToken()).describedAs("the last that it did not come for").isEqualTo(at(last.get()));
            assertThat(idle.hasNextAvailable(10, MILLISECONDS)).isFalse();
            inside.publish(placed(0));
            assertThat(idle.nextAvailable().getPayload()).isEqualTo(new Placed(ORDER, 100));
        }
    }

    @Test
    void of_what_was_not_come_for_a_thousand_are_too_many_too() throws Exception {
        inside.publish(noise(0));
        try (BlockingStream<TrackedEventMessage<?>> idle = inside.openStream(null)) {
            idle.skipMessagesWithPayloadTypeOf(idle.nextAvailable());
            assertThat(idle.hasNextAvailable(10, MILLISECONDS)).isFalse();
            AtomicInteger calls = new AtomicInteger();
            idle.setOnAvailableCallback(calls::incrementAndGet);
            inside.publish(IntStream.rangeClosed(1, 1_500).mapToObj(InsideEventStoreTest::noise).toList());
            inside.publish(placed(0));
            await().untilAsserted(() -> assertThat(calls).hasValue(2));

            assertThat(idle.nextAvailable().trackingToken()).isEqualTo(at(1_500));
            assertThat(idle.nextAvailable().trackingToken()).isEqualTo(at(1_501));
        }
    }

    private Object after(@Nullable TrackingToken token) throws InterruptedException {
        try (BlockingStream<TrackedEventMessage<?>> late = inside.openStream(token)) {
            return late.nextAvailable().getPayload();
        }
    }

    @Test
    void what_is_handed_out_does_not_remember_its_bytes() throws Exception {
        EventMessage<?> published = placed(0);
        inside.publish(published);
        try (BlockingStream<TrackedEventMessage<?>> stream = inside.openStream(null)) {
            TrackedEventMessage<?> read = stream.nextAvailable();

            assertThat(read.getPayload()).isSameAs(published.getPayload());
            assertThat(read.serializePayload(json, byte[].class)).isNotSameAs(published.serializePayload(json, byte[].class));
        }
    }

    // --- what nobody wants

    @Test
    void an_unwanted_type_is_passed_over() throws Exception {
        inside.publish(noise(1));
        try (BlockingStream<TrackedEventMessage<?>> stream = inside.openStream(null); BlockingStream<TrackedEventMessage<?>> anothers = inside.openStream(null)) {
            stream.skipMessagesWithPayloadTypeOf(stream.nextAvailable());
            inside.publish(List.of(noise(2), placed(0), noise(3)));
            inside.publish(paid(1));

            assertThat(stream.nextAvailable().getPayload()).isEqualTo(new Placed(ORDER, 100));
            assertThat(stream.nextAvailable().getPayload()).isEqualTo(new Paid(ORDER));
            assertThat(anothers.nextAvailable().getPayload()).isEqualTo(new Noise(1));
            assertThat(anothers.nextAvailable().getPayload()).isEqualTo(new Noise(2));
        }
    }

    @Test
    void after_a_thousand_that_were_passed_over_one_is_handed_out_so_that_the_token_moves() throws Exception {
        inside.publish(noise(0));
        try (BlockingStream<TrackedEventMessage<?>> stream = inside.openStream(null)) {
            stream.skipMessagesWithPayloadTypeOf(stream.nextAvailable());
            inside.publish(IntStream.rangeClosed(1, 600).mapToObj(InsideEventStoreTest::noise).toList());
            inside.publish(IntStream.rangeClosed(601, 1_100).mapToObj(InsideEventStoreTest::noise).toList());
            inside.publish(placed(0));

            assertThat(stream.nextAvailable().trackingToken()).isEqualTo(at(1_001));
            assertThat(stream.nextAvailable().trackingToken()).isEqualTo(at(1_101));
        }
    }

    /** Else whoever builds a view anew could not tell the end from a moment before it. */
    @Test
    void the_last_of_all_is_handed_out_once_even_if_it_is_unwanted() throws Exception {
        inside.publish(noise(0));
        try (BlockingStream<TrackedEventMessage<?>> stream = inside.openStream(null)) {
            stream.skipMessagesWithPayloadTypeOf(stream.nextAvailable());
            inside.publish(List.of(noise(1), placed(0), noise(2), noise(3)));

            assertThat(stream.nextAvailable().trackingToken()).isEqualTo(at(2));
            assertThat(stream.nextAvailable().trackingToken()).isEqualTo(at(4));
            assertThat(stream.hasNextAvailable(10, MILLISECONDS)).isFalse();
        }
    }

    @Test
    void who_follows_is_called_at_once_and_then_for_what_is_wanted_alone() {
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger othersCalls = new AtomicInteger();
        try (BlockingStream<TrackedEventMessage<?>> stream = inside.openStream(null); BlockingStream<TrackedEventMessage<?>> other = inside.openStream(null)) {
            stream.skipMessagesWithPayloadTypeOf(new GenericTrackedEventMessage<>(at(0), noise(0)));
            assertThat(stream.setOnAvailableCallback(calls::incrementAndGet)).isTrue();
            other.setOnAvailableCallback(othersCalls::incrementAndGet);
            assertThat(calls).hasValue(1);

            inside.publish(noise(1));
            await().untilAsserted(() -> assertThat(othersCalls).hasValue(2));
            assertThat(calls).hasValue(1);

            inside.publish(placed(0));
            await().untilAsserted(() -> assertThat(othersCalls).hasValue(3));
            await().untilAsserted(() -> assertThat(calls).hasValue(2));

            overThePort.publish(paid(1));
            await().untilAsserted(() -> assertThat(othersCalls).hasValue(4));
            await().untilAsserted(() -> assertThat(calls).hasValue(3));
        }
    }

    @Test
    void a_closed_stream_calls_nobody() {
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger othersCalls = new AtomicInteger();
        BlockingStream<TrackedEventMessage<?>> closed = inside.openStream(null);
        closed.setOnAvailableCallback(calls::incrementAndGet);
        closed.close();
        try (BlockingStream<TrackedEventMessage<?>> other = inside.openStream(null)) {
            other.setOnAvailableCallback(othersCalls::incrementAndGet);

            inside.publish(placed(0));

            await().untilAsserted(() -> assertThat(othersCalls).hasValue(2));
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    void the_meta_data_of_a_snapshot_are_read_both_ways() {
        inside.publish(placed(0));
        inside.storeSnapshot(new GenericDomainEventMessage<>("Order", "order-1", 0, new Balance(100), metaData(), "snapshot-1", NOON));
        await().until(() -> !server.store().readSnapshots("order-1", 0, Long.MAX_VALUE, 1).isEmpty());

        assertThat(events(overThePort, "order-1")).hasSize(1);
        assertThat(events(inside, "order-1")).isEqualTo(events(overThePort, "order-1"));
    }

    @Test
    void a_callback_that_always_fails_keeps_nobody_else_from_being_called() {
        BlockingStream<TrackedEventMessage<?>> failing = inside.openStream(null);
        List<AtomicInteger> others = IntStream.range(0, 8).mapToObj(i -> new AtomicInteger()).toList();
        AtomicInteger failed = new AtomicInteger();
        failing.setOnAvailableCallback(() -> {
            if (failed.incrementAndGet() > 1) {
                throw new RejectedExecutionException("the processor has stopped");
            }
        });
        others.forEach(calls -> inside.openStream(null).setOnAvailableCallback(calls::incrementAndGet));
        inside.publish(placed(0));
        inside.publish(paid(1));
        inside.publish(paid(2));
        await().untilAsserted(() -> assertThat(others).allSatisfy(calls -> assertThat(calls.get()).isGreaterThan(1)));
    }

    @Test
    void after_the_store_was_emptied_streams_are_woken() {
        AtomicInteger calls = new AtomicInteger();
        inside.publish(placed(0), paid(1));
        server.clear();
        BlockingStream<TrackedEventMessage<?>> other = inside.openStream(null);
        other.setOnAvailableCallback(calls::incrementAndGet);
        inside.publish(placed(0));
        await().untilAsserted(() -> assertThat(calls).hasValue(2));
    }

    private static EventMessage<?> placed(int sequence) {
        return new GenericDomainEventMessage<>("Order", "order-1", sequence, new Placed(ORDER, 100), metaData(), "order-1/" + sequence, NOON);
    }

    private static EventMessage<?> paid(int sequence) {
        return new GenericDomainEventMessage<>("Order", "order-1", sequence, new Paid(ORDER), metaData(), "order-1/" + sequence, NOON);
    }

    private static EventMessage<?> dated(int sequence, Instant instant) {
        return new GenericDomainEventMessage<>("Order", "order-1", sequence, new Paid(ORDER), metaData(), "order-1/" + sequence, instant);
    }

    private static EventMessage<?> noise(int number) {
        return new GenericEventMessage<>("noise-" + number, new Noise(number), MetaData.emptyInstance(), NOON);
    }

    /** Of each sort that travels. */
    private static MetaData metaData() {
        return MetaData.with("askedBy", "alice").and("attempt", 3L).and("share", 0.5).and("isLate", true).and("order", ORDER);
    }

    private static TrackingToken at(long position) {
        return new GlobalSequenceTrackingToken(position);
    }

    private static List<Facts> events(EventStore store, String aggregate) {
        return store.readEvents(aggregate).asStream().map(Facts::of).toList();
    }

    private static List<Object> payloads(EventStore store, String aggregate) {
        return store.readEvents(aggregate).asStream().<Object>map(DomainEventMessage::getPayload).toList();
    }

    /** So many, and no more are there. */
    private static List<Facts> readFrom(EventStore store, @Nullable TrackingToken token, int howMany) {
        List<Facts> read = new ArrayList<>();
        try (BlockingStream<TrackedEventMessage<?>> stream = store.openStream(token)) {
            for (int i = 0; i < howMany; i++) {
                assertThat(stream.hasNextAvailable(10, SECONDS)).isTrue();
                read.add(Facts.of(stream.nextAvailable()));
            }
            assertThat(stream.peek()).isEmpty();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        return read;
    }

    private List<Event> stored() throws Exception {
        List<Event> events = new ArrayList<>();
        for (var block : server.store().read(0, 1_000_000)) {
            for (var event : block.from(0)) {
                events.add(Event.parseFrom(ByteBuffer.wrap(event.buffer(), event.offset(), event.length())));
            }
        }
        return events;
    }
}
