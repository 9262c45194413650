package jangter.axonserver;

import io.axoniq.axonserver.connector.event.AggregateEventStream;
import io.axoniq.axonserver.connector.event.AppendEventsTransaction;
import io.axoniq.axonserver.connector.event.EventStream;
import io.axoniq.axonserver.grpc.event.Confirmation;
import io.axoniq.axonserver.grpc.event.Event;
import io.axoniq.axonserver.grpc.event.EventStoreGrpc;
import io.axoniq.axonserver.grpc.event.EventWithToken;
import io.axoniq.axonserver.grpc.event.GetEventsRequest;
import io.axoniq.axonserver.grpc.event.PayloadDescription;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

@ParameterizedClass(name = "durable: {0}")
@ValueSource(booleans = {false, true})
class EventsTest {

    private static final long NOON = 1_790_000_000_000L;

    @TempDir
    Path folder;

    private final boolean durable;
    private DevelopmentAxonServer server;
    private Connector client;

    EventsTest(boolean durable) {
        this.durable = durable;
    }

    @BeforeEach
    void start() {
        server = DevelopmentAxonServer.start(durable ? Settings.onFolder(folder) : Settings.inMemory());
        client = Connector.to(server.address(), "test", "client");
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void tokens_of_an_empty_store_are_zero_minus_one_and_zero() {
        // the connector turns the first and the dated token into the position before them
        assertThat(client.events().getFirstToken().join()).isEqualTo(-1);
        assertThat(client.events().getLastToken().join()).isEqualTo(-1);
        assertThat(client.events().getTokenAt(NOON).join()).isEqualTo(-1);
    }

    @Test
    void tokens_are_contiguous_and_a_date_past_the_end_is_the_next() {
        append(Connector.event("a", 0, NOON), Connector.event("a", 1, NOON + 10));

        assertThat(client.events().getFirstToken().join()).isEqualTo(-1);
        assertThat(client.events().getLastToken().join()).isEqualTo(1);
        assertThat(client.events().getTokenAt(NOON + 1).join()).isEqualTo(0);
        assertThat(client.events().getTokenAt(NOON + 11).join()).isEqualTo(1);
    }

    @Test
    void an_append_is_confirmed() throws Exception {
        assertThat(client.events().appendEvents(Connector.event("a", 0)).get().getSuccess()).isTrue();
    }

    @Test
    void an_empty_transaction_succeeds() throws Exception {
        assertThat(client.events().startAppendEventsTransaction().commit().get().getSuccess()).isTrue();
    }

    @Test
    void a_cancelled_transaction_leaves_nothing() {
        AppendEventsTransaction transaction = client.events().startAppendEventsTransaction();
        transaction.appendEvent(Connector.event("a", 0));

        transaction.rollback();

        append(Connector.event("a", 0));
        assertThat(client.events().getLastToken().join()).isZero();
    }

    @Test
    void nothing_is_seen_before_the_transaction_is_closed() {
        AppendEventsTransaction transaction = client.events().startAppendEventsTransaction();
        transaction.appendEvent(Connector.event("a", 0));
        append(Connector.event("b", 0));
        assertThat(client.events().getLastToken().join()).isZero();

        transaction.commit().join();

        assertThat(client.events().getLastToken().join()).isEqualTo(1);
    }

    @Test
    void a_wrong_sequence_number_is_out_of_range_with_code_and_text() {
        append(Connector.event("a", 0));

        assertThatThrownBy(() -> append(Connector.event("a", 5)))
                .hasRootCauseInstanceOf(StatusRuntimeException.class)
                .rootCause().satisfies(cause -> {
                    StatusRuntimeException refusal = (StatusRuntimeException) cause;
                    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.OUT_OF_RANGE);
                    assertThat(refusal.getStatus().getDescription()).isEqualTo("[AXONIQ-2000] Invalid sequence number 5 for aggregate a, expected 1");
                    assertThat(refusal.getTrailers().get(io.grpc.Metadata.Key.of("AxonIQ-ErrorCode", io.grpc.Metadata.ASCII_STRING_MARSHALLER)))
                            .isEqualTo("AXONIQ-2000");
                });
    }

    @Test
    void a_violation_rejects_all_of_a_transaction() {
        assertThatThrownBy(() -> append(Connector.event("a", 0), Connector.event("b", 0), Connector.event("a", 2)));

        assertThat(client.events().getLastToken().join()).isEqualTo(-1);
        assertThat(client.events().findHighestSequence("b").join()).isEqualTo(-1);
    }

    @Test
    void of_twenty_concurrent_writers_of_one_number_exactly_one_succeeds() {
        List<Connector> writers = IntStream.range(0, 4).mapToObj(i -> Connector.to(server.address(), "test", "writer-" + i)).toList();
        for (int sequence = 0; sequence < 50; sequence++) {
            int number = sequence;
            List<CompletableFuture<Confirmation>> writes = IntStream.range(0, 20)
                    .mapToObj(i -> writers.get(i % 4).events().appendEvents(Connector.event("a", number))).toList();

            assertThat(writes.stream().filter(write -> write.handle((done, failure) -> failure == null).join())).hasSize(1);
        }
        assertThat(client.events().findHighestSequence("a").join()).isEqualTo(49);
        assertThat(client.events().getLastToken().join()).isEqualTo(49);
        writers.forEach(Connector::close);
    }

    @Test
    void an_aggregates_end_is_exclusive_and_zero_means_no_end() {
        append(IntStream.range(0, 10).mapToObj(i -> Connector.event("a", i)).toArray(Event[]::new));

        assertThat(sequences(client.events().openAggregateStream("a", 3, 6))).containsExactly(3L, 4L, 5L);
        assertThat(sequences(client.events().openAggregateStream("a", 7, 0))).containsExactly(7L, 8L, 9L);
        assertThat(sequences(client.events().openAggregateStream("a", 3, 3))).isEmpty();
    }

    @Test
    void an_unknown_aggregate_is_an_empty_stream_with_highest_sequence_minus_one() {
        assertThat(sequences(client.events().openAggregateStream("nobody"))).isEmpty();
        assertThat(client.events().findHighestSequence("nobody").join()).isEqualTo(-1);
    }

    @Test
    void a_long_aggregate_is_streamed_whole() {
        for (int i = 0; i < 5_000; i += 500) {
            int from = i;
            append(IntStream.range(from, from + 500).mapToObj(n -> Connector.event("a", n)).toArray(Event[]::new));
        }

        assertThat(sequences(client.events().openAggregateStream("a"))).hasSize(5_000).isSorted();
    }

    @Test
    void a_snapshot_stands_for_the_events_up_to_it() {
        append(IntStream.range(0, 10).mapToObj(i -> Connector.event("a", i)).toArray(Event[]::new));
        client.events().appendSnapshot(Connector.event("a", 3)).join();
        client.events().appendSnapshot(Connector.event("a", 6)).join();

        List<Event> events = client.events().openAggregateStream("a", true).asStream().toList();

        assertThat(events).extracting(Event::getAggregateSequenceNumber).containsExactly(6L, 7L, 8L, 9L);
        assertThat(events).extracting(Event::getSnapshot).containsExactly(true, false, false, false);
        assertThat(sequences(client.events().openAggregateStream("a", false))).hasSize(10);
    }

    @Test
    void a_snapshot_below_the_start_is_ignored() {
        append(IntStream.range(0, 10).mapToObj(i -> Connector.event("a", i)).toArray(Event[]::new));
        client.events().appendSnapshot(Connector.event("a", 3)).join();

        try (RawStream<io.axoniq.axonserver.grpc.event.GetAggregateEventsRequest, Event> stream =
                     new RawStream<>(server.address(), EventStoreGrpc.getListAggregateEventsMethod(), 100)) {
            stream.send(io.axoniq.axonserver.grpc.event.GetAggregateEventsRequest.newBuilder()
                    .setAggregateId("a").setInitialSequence(5).setAllowSnapshots(true).build());
            stream.halfClose();

            await().until(() -> stream.status() != null);
            assertThat(stream.received()).extracting(Event::getAggregateSequenceNumber).containsExactly(5L, 6L, 7L, 8L, 9L);
        }
    }

    @Test
    void a_snapshot_beyond_the_last_event_is_rejected_with_2000() {
        append(Connector.event("a", 0));

        assertThatThrownBy(() -> client.events().appendSnapshot(Connector.event("a", 1)).get()).isInstanceOf(ExecutionException.class)
                .hasMessageContaining("AXONIQ-2000");
    }

    @Test
    void snapshots_are_listed_the_newest_first() {
        append(IntStream.range(0, 10).mapToObj(i -> Connector.event("a", i)).toArray(Event[]::new));
        for (int sequence : new int[]{2, 4, 8}) {
            client.events().appendSnapshot(Connector.event("a", sequence)).join();
        }

        assertThat(sequences(client.events().loadSnapshots("a", Long.MAX_VALUE, 10))).containsExactly(8L, 4L, 2L);
        assertThat(sequences(client.events().loadSnapshots("a", 7, 1))).containsExactly(4L);
        assertThat(sequences(client.events().loadSnapshots("a", 3, 7, 10))).containsExactly(4L);
    }

    @Test
    void paging_back_past_the_first_snapshot_finds_nothing() {
        append(Connector.event("a", 0), Connector.event("a", 1));
        client.events().appendSnapshot(Connector.event("a", 1)).join();

        assertThat(sequences(client.events().loadSnapshots("a", 0, 10))).isEmpty();
    }

    @Test
    void an_event_without_aggregate_type_is_not_listed_by_aggregate() {
        append(Connector.event("a", 9).toBuilder().clearAggregateType().build());

        assertThat(sequences(client.events().openAggregateStream("a"))).isEmpty();
        assertThat(client.events().getLastToken().join()).isZero();
    }

    @Test
    void a_stream_starts_at_its_token_and_goes_on_with_what_is_appended() throws Exception {
        append(Connector.event("a", 0), Connector.event("a", 1), Connector.event("a", 2));
        try (EventStream stream = client.events().openStream(0, 100)) {
            assertThat(tokens(stream, 2)).containsExactly(1L, 2L);

            append(Connector.event("a", 3));

            assertThat(stream.nextIfAvailable(30, TimeUnit.SECONDS).getToken()).isEqualTo(3);
        }
    }

    @Test
    void an_event_is_read_as_it_was_written() throws Exception {
        Event written = Connector.event("a", 0).toBuilder()
                .putMetaData("trace", io.axoniq.axonserver.grpc.MetaDataValue.newBuilder().setTextValue("t-1").build()).build();
        append(written);

        try (EventStream stream = client.events().openStream(-1, 100)) {
            assertThat(stream.next().getEvent()).isEqualTo(written);
        }
        assertThat(client.events().openAggregateStream("a").next()).isEqualTo(written);
    }

    @Test
    void event_permits_are_exact() {
        append(IntStream.range(0, 50).mapToObj(i -> Connector.event("a", i)).toArray(Event[]::new));
        try (RawStream<GetEventsRequest, EventWithToken> stream = openRaw(10, 10_000)) {
            await().until(() -> stream.received().size() == 10);
            await().during(Duration.ofMillis(200)).until(() -> stream.received().size() == 10);

            stream.send(GetEventsRequest.newBuilder().setNumberOfPermits(5).build());

            await().until(() -> stream.received().size() == 15);
            assertThat(stream.received()).extracting(EventWithToken::getToken).isEqualTo(IntStream.range(0, 15).mapToObj(i -> (long) i).toList());
        }
    }

    @Test
    void skipped_types_are_left_out_but_for_one_in_a_thousand() {
        append(IntStream.range(0, 2_500).mapToObj(i -> Connector.event("a", i)).toArray(Event[]::new));
        append(Connector.event("b", 0).toBuilder().setPayload(Connector.payload("Wanted", "{}")).build());
        try (RawStream<GetEventsRequest, EventWithToken> stream =
                     new RawStream<>(server.address(), EventStoreGrpc.getListEventsMethod(), 10_000)) {
            Event any = Connector.event("a", 0);
            stream.send(GetEventsRequest.newBuilder().setNumberOfPermits(10_000).addBlacklist(PayloadDescription.newBuilder()
                    .setType(any.getPayload().getType()).setRevision(any.getPayload().getRevision())).build());

            await().until(() -> stream.received().stream().anyMatch(event -> event.getToken() == 2_500));
            assertThat(stream.received()).extracting(EventWithToken::getToken).containsExactly(1_000L, 2_001L, 2_500L);
        }
    }

    @Test
    void a_stalled_reader_costs_bounded_memory_and_loses_nothing() {
        byte[] large = new byte[100_000];
        for (int i = 0; i < 300; i++) {
            append(Connector.event("a", i).toBuilder().setPayload(io.axoniq.axonserver.grpc.SerializedObject.newBuilder()
                    .setType("Large").setData(com.google.protobuf.ByteString.copyFrom(large))).build());
        }
        try (RawStream<GetEventsRequest, EventWithToken> stream = openRaw(1_000, 1)) {
            await().until(() -> stream.received().size() == 1);
            await().during(Duration.ofMillis(200)).until(() -> stream.received().size() == 1);

            stream.take(1_000);

            await().until(() -> stream.received().size() == 300);
        }
    }

    @Test
    void a_stream_waits_for_tokens_that_do_not_exist_yet() throws Exception {
        try (EventStream stream = client.events().openStream(4, 100)) {
            append(IntStream.range(0, 7).mapToObj(i -> Connector.event("a", i)).toArray(Event[]::new));

            assertThat(tokens(stream, 2)).containsExactly(5L, 6L);
        }
    }

    @Test
    void messages_up_to_four_mebibytes_are_taken_and_a_transaction_may_be_larger() {
        Event large = Connector.event("a", 0).toBuilder().setPayload(io.axoniq.axonserver.grpc.SerializedObject.newBuilder()
                .setType("Large").setData(com.google.protobuf.ByteString.copyFrom(new byte[4 * 1024 * 1024 - 1_000]))).build();

        append(large, large.toBuilder().setAggregateSequenceNumber(1).build(), large.toBuilder().setAggregateSequenceNumber(2).build());

        assertThat(client.events().getLastToken().join()).isEqualTo(2);
        Event tooLarge = large.toBuilder().setAggregateSequenceNumber(3).setPayload(large.getPayload().toBuilder()
                .setData(com.google.protobuf.ByteString.copyFrom(new byte[4 * 1024 * 1024]))).build();
        assertThatThrownBy(() -> append(tooLarge)).hasMessageContaining("RESOURCE_EXHAUSTED");
    }

    @Test
    void the_query_language_is_not_implemented() {
        var results = client.events().queryEvents("count", false);

        await().until(() -> results.getError().isPresent());
        assertThat(Status.fromThrowable(results.getError().get()).getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    }

    @Test
    void ten_readers_from_every_position_see_each_event_once_and_in_order_while_appends_go_on() throws Exception {
        int total = 100_000;
        CompletableFuture<Void> appending = CompletableFuture.runAsync(() -> {
            List<CompletableFuture<Confirmation>> underWay = new ArrayList<>();
            for (int i = 0; i < total; i += 50) {
                String aggregate = UUID.randomUUID().toString();
                underWay.add(client.events().appendEvents(IntStream.range(0, 50).mapToObj(n -> Connector.event(aggregate, n)).toArray(Event[]::new)));
                if (underWay.size() == 50) {
                    underWay.forEach(CompletableFuture::join);
                    underWay.clear();
                }
            }
            underWay.forEach(CompletableFuture::join);
        });
        List<CompletableFuture<Long>> readers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            long start = i * (total / 10L);
            Connector reader = Connector.to(server.address(), "test", "reader-" + i);
            readers.add(CompletableFuture.supplyAsync(() -> {
                try (EventStream stream = reader.events().openStream(start - 1, 1_000)) {
                    for (long expected = start; expected < total; expected++) {
                        assertThat(stream.next().getToken()).isEqualTo(expected);
                    }
                    return start;
                } catch (InterruptedException e) {
                    throw new CompletionException(e);
                } finally {
                    reader.close();
                }
            }, task -> new Thread(task).start()));
        }

        appending.get(60, TimeUnit.SECONDS);
        for (CompletableFuture<Long> reader : readers) {
            reader.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void emptying_ends_event_streams_and_starts_at_zero_again() throws Exception {
        append(Connector.event("a", 0), Connector.event("a", 1));
        try (EventStream stream = client.events().openStream(-1, 100)) {
            assertThat(tokens(stream, 2)).containsExactly(0L, 1L);

            server.clear();

            await().until(() -> stream.getError().isPresent());
        }
        append(Connector.event("a", 0));
        assertThat(client.events().getLastToken().join()).isZero();
    }

    private RawStream<GetEventsRequest, EventWithToken> openRaw(int permits, int window) {
        RawStream<GetEventsRequest, EventWithToken> stream = new RawStream<>(server.address(), EventStoreGrpc.getListEventsMethod(), window);
        stream.send(GetEventsRequest.newBuilder().setNumberOfPermits(permits).build());
        return stream;
    }

    private void append(Event... events) {
        client.events().appendEvents(events).join();
    }

    private static List<Long> tokens(EventStream stream, int count) throws InterruptedException {
        List<Long> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tokens.add(stream.next().getToken());
        }
        return tokens;
    }

    private static List<Long> sequences(AggregateEventStream stream) {
        try (Stream<Event> events = stream.asStream()) {
            return events.map(Event::getAggregateSequenceNumber).toList();
        }
    }
}
