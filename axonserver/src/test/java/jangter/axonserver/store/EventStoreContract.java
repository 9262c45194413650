package jangter.axonserver.store;

import com.google.protobuf.ByteString;
import io.axoniq.axonserver.grpc.SerializedObject;
import io.axoniq.axonserver.grpc.event.Event;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What every store does, run over each implementation. */
abstract class EventStoreContract {

    static final long NOON = 1_790_000_000_000L;

    EventStore store;

    abstract EventStore open();

    @BeforeEach
    void openStore() {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void an_empty_store_ends_before_its_first_token() {
        assertThat(store.lastToken()).isEqualTo(-1);
        assertThat(store.tokenAt(NOON)).isZero();
        assertThat(store.read(0, 1_000)).isEmpty();
        assertThat(store.highestSequence("order-1")).isEqualTo(-1);
        assertThat(store.readAggregate("order-1", 0, 1_000)).isEmpty();
        assertThat(store.nextDue()).isEmpty();
    }

    @Test
    void tokens_are_contiguous_from_zero() {
        append(event("order-1", 0), event("order-1", 1));
        append(event("order-2", 0));

        assertThat(store.lastToken()).isEqualTo(2);
        assertThat(tokensFrom(0)).containsExactly(0L, 1L, 2L);
        assertThat(tokensFrom(2)).containsExactly(2L);
        assertThat(tokensFrom(3)).isEmpty();
    }

    @Test
    void an_event_comes_back_as_the_bytes_it_was() {
        NewEvent event = event("order-1", 0);

        append(event);

        StoredEvent stored = allFrom(0).get(0);
        assertThat(java.util.Arrays.copyOfRange(stored.buffer(), stored.offset(), stored.offset() + stored.length())).isEqualTo(event.message());
    }

    @Test
    void an_aggregate_is_read_in_order_from_any_sequence_number() {
        for (int sequence = 0; sequence < 300; sequence++) {
            append(event("order-1", sequence), event("order-2", sequence));
        }

        assertThat(sequences("order-1", 0)).containsExactlyElementsOf(numbers(0, 300));
        assertThat(sequences("order-2", 150)).containsExactlyElementsOf(numbers(150, 300));
        assertThat(sequences("order-1", 300)).isEmpty();
        assertThat(store.highestSequence("order-1")).isEqualTo(299);
    }

    @Test
    void one_transaction_may_be_larger_than_any_block() {
        append(IntStream.range(0, 5_000).mapToObj(i -> event("order-1", i)).toArray(NewEvent[]::new));

        assertThat(sequences("order-1", 0)).hasSize(5_000);
        assertThat(tokensFrom(4_321)).containsExactlyElementsOf(numbers(4_321, 5_000));
    }

    @Test
    void a_large_event_comes_back_whole() {
        byte[] payload = new byte[3 * 1024 * 1024];
        NewEvent large = NewEvent.parse(message("order-1", 0, NOON).setPayload(
                SerializedObject.newBuilder().setData(ByteString.copyFrom(payload))).build().toByteArray());

        append(large, event("order-1", 1));

        assertThat(allFrom(0)).extracting(StoredEvent::length).containsExactly(large.message().length, event("order-1", 1).message().length);
    }

    @Test
    void a_gap_rejects_the_whole_transaction() {
        append(event("order-1", 0));

        assertRefused("Invalid sequence number 2 for aggregate order-1, expected 1", event("order-2", 0), event("order-1", 2));

        assertThat(store.lastToken()).isZero();
        assertThat(store.highestSequence("order-2")).isEqualTo(-1);
        append(event("order-2", 0));
    }

    @Test
    void a_repeated_number_is_rejected() {
        append(event("order-1", 0));

        assertRefused("Invalid sequence number 0 for aggregate order-1, expected 1", event("order-1", 0));
    }

    @Test
    void sequence_numbers_are_checked_within_a_transaction() {
        assertRefused("Invalid sequence number 2 for aggregate order-1, expected 1", event("order-1", 0), event("order-1", 2));
    }

    @Test
    void two_types_share_the_numbers_of_one_aggregate_id() {
        append(NewEvent.parse(message("x", 0, NOON).setAggregateType("Order").build().toByteArray()));

        assertRefused("Invalid sequence number 0 for aggregate x, expected 1",
                NewEvent.parse(message("x", 0, NOON).setAggregateType("Wallet").build().toByteArray()));
    }

    @Test
    void an_event_without_a_type_is_not_checked_and_not_listed_by_aggregate() {
        NewEvent loose = NewEvent.parse(message("order-1", 7, NOON).clearAggregateType().build().toByteArray());

        append(loose, loose);

        assertThat(store.lastToken()).isEqualTo(1);
        assertThat(store.readAggregate("order-1", 0, 1_000)).isEmpty();
        append(event("order-1", 0));
        assertThat(sequences("order-1", 0)).containsExactly(0L);
    }

    @Test
    void an_empty_transaction_succeeds() {
        append();

        assertThat(store.lastToken()).isEqualTo(-1);
    }

    @Test
    void of_twenty_writers_of_one_number_one_succeeds() {
        List<CompletableFuture<Void>> writes = IntStream.range(0, 20).parallel()
                .mapToObj(i -> store.append(List.of(event("order-1", 0)))).toList();

        assertThat(writes.stream().filter(write -> write.handle((done, failure) -> failure == null).join())).hasSize(1);
        assertThat(store.lastToken()).isZero();
    }

    @Test
    void what_is_built_on_an_append_that_holds_is_stored() {
        CompletableFuture<Void> first = store.append(List.of(event("order-1", 0)));
        CompletableFuture<Void> second = store.append(List.of(event("order-1", 1), event("order-2", 0)), List.of(first));
        store.append(List.of(event("order-1", 2), event("order-2", 1)), List.of(first, second)).join();

        assertThat(sequences("order-1", 0)).containsExactly(0L, 1L, 2L);
        assertThat(sequences("order-2", 0)).containsExactly(0L, 1L);
    }

    @Test
    void what_is_built_on_an_append_that_is_confirmed_already_is_stored() {
        CompletableFuture<Void> confirmed = store.append(List.of(event("order-1", 0)));
        confirmed.join();

        store.append(List.of(event("order-1", 1)), List.of(confirmed)).join();

        assertThat(sequences("order-1", 0)).containsExactly(0L, 1L);
    }

    @Test
    void what_is_built_on_an_append_that_was_refused_is_refused_with_it_though_its_numbers_would_fit() {
        append(event("order-1", 0));
        // the other writer was quicker
        store.append(List.of(event("order-1", 1)));
        CompletableFuture<Void> late = store.append(List.of(event("order-1", 1)));
        CompletableFuture<Void> built = store.append(List.of(event("order-1", 2), event("order-2", 0)), List.of(late));

        assertRefused(late);
        assertRefused(built);
        assertThat(sequences("order-1", 0)).containsExactly(0L, 1L);
        assertThat(store.highestSequence("order-2")).isEqualTo(-1);
    }

    @Test
    void what_is_built_on_an_append_whose_refusal_is_known_is_refused_too() {
        append(event("order-1", 0));
        CompletableFuture<Void> late = store.append(List.of(event("order-1", 0)));
        assertRefused(late);

        assertRefused(store.append(List.of(event("order-1", 1)), List.of(late)));

        assertThat(sequences("order-1", 0)).containsExactly(0L);
    }

    @Test
    void of_several_appends_that_one_was_built_on_each_must_hold() {
        append(event("order-1", 0));
        CompletableFuture<Void> held = store.append(List.of(event("order-2", 0)));
        CompletableFuture<Void> refused = store.append(List.of(event("order-1", 0)));

        assertRefused(store.append(List.of(event("order-2", 1), event("order-1", 1)), List.of(held, refused)));

        assertThat(sequences("order-2", 0)).containsExactly(0L);
    }

    @Test
    void a_chain_of_appends_falls_with_its_first_and_another_aggregates_stands() {
        append(event("order-1", 0));
        CompletableFuture<Void> first = store.append(List.of(event("order-1", 0)));
        CompletableFuture<Void> second = store.append(List.of(event("order-1", 1)), List.of(first));
        CompletableFuture<Void> third = store.append(List.of(event("order-1", 1)), List.of(second));
        CompletableFuture<Void> anothers = store.append(List.of(event("order-2", 0)), List.of());

        assertRefused(first);
        assertRefused(second);
        assertRefused(third);
        anothers.join();
        assertThat(sequences("order-1", 0)).containsExactly(0L);
    }

    @Test
    void what_is_read_anew_after_a_refusal_is_appended_to_as_ever() {
        append(event("order-1", 0));
        assertRefused(store.append(List.of(event("order-1", 1)), List.of(store.append(List.of(event("order-1", 0))))));

        append(event("order-1", 1));

        assertThat(sequences("order-1", 0)).containsExactly(0L, 1L);
    }

    @Test
    void listeners_hear_of_events_once_they_can_be_read() {
        AtomicInteger heard = new AtomicInteger();
        store.onAppend(() -> heard.addAndGet(store.read(0, 1).isEmpty() ? 1_000 : 1));

        append(event("order-1", 0));

        assertThat(heard).hasValue(1);
    }

    @Test
    void a_date_leads_to_the_first_event_at_or_after_it() {
        append(dated("order-1", 0, NOON), dated("order-1", 1, NOON + 10));
        append(dated("order-1", 2, NOON + 5));
        append(dated("order-1", 3, NOON + 20));

        assertThat(store.tokenAt(NOON - 1)).isZero();
        assertThat(store.tokenAt(NOON)).isZero();
        assertThat(store.tokenAt(NOON + 1)).isEqualTo(1);
        assertThat(store.tokenAt(NOON + 10)).isEqualTo(1);
        assertThat(store.tokenAt(NOON + 11)).isEqualTo(3);
        assertThat(store.tokenAt(NOON + 21)).isEqualTo(4);
    }

    @Test
    void snapshots_are_listed_the_latest_first() {
        append(IntStream.range(0, 10).mapToObj(i -> event("order-1", i)).toArray(NewEvent[]::new));
        store.appendSnapshot(event("order-1", 3)).join();
        store.appendSnapshot(event("order-1", 9)).join();
        store.appendSnapshot(event("order-1", 6)).join();

        assertThat(snapshots(0, Long.MAX_VALUE, 10)).containsExactly(6L, 9L, 3L);
        assertThat(snapshots(4, 8, 10)).containsExactly(6L);
        assertThat(snapshots(0, Long.MAX_VALUE, 1)).containsExactly(6L);
    }

    @Test
    void a_snapshot_is_flagged_as_one() throws Exception {
        append(event("order-1", 0));
        store.appendSnapshot(event("order-1", 0)).join();

        StoredEvent snapshot = store.readSnapshots("order-1", 0, 0, 1).get(0);

        Event parsed = Event.parseFrom(ByteString.copyFrom(snapshot.buffer(), snapshot.offset(), snapshot.length()));
        assertThat(parsed.getSnapshot()).isTrue();
    }

    @Test
    void a_snapshot_beyond_the_last_event_is_rejected() {
        append(event("order-1", 0));

        assertThatThrownBy(() -> store.appendSnapshot(event("order-1", 1)).join()).hasRootCauseInstanceOf(InvalidSequenceException.class);
    }

    @Test
    void what_is_due_is_published_once_dated_now_and_oldest_first() throws Exception {
        schedule("late", NOON + 2);
        schedule("early", NOON + 1);
        schedule("future", NOON + 1_000);
        assertThat(store.nextDue()).hasValue(NOON + 1);

        store.publishDue(NOON + 10).join();
        store.publishDue(NOON + 10).join();

        List<Event> published = new ArrayList<>();
        for (StoredEvent event : allFrom(0)) {
            published.add(Event.parseFrom(ByteString.copyFrom(event.buffer(), event.offset(), event.length())));
        }
        assertThat(published).extracting(Event::getMessageIdentifier).containsExactly("early", "late");
        assertThat(published).extracting(Event::getTimestamp).containsOnly(NOON + 10);
        assertThat(store.nextDue()).hasValue(NOON + 1_000);
    }

    @Test
    void a_cancelled_event_is_not_published() {
        schedule("a", NOON);

        store.cancel("a").join();
        store.cancel("unknown").join();
        store.publishDue(NOON).join();

        assertThat(store.lastToken()).isEqualTo(-1);
    }

    @Test
    void scheduling_again_under_a_token_replaces_what_was_scheduled() {
        schedule("a", NOON);
        schedule("a", NOON + 100);

        store.publishDue(NOON + 50).join();

        assertThat(store.lastToken()).isEqualTo(-1);
        assertThat(store.nextDue()).hasValue(NOON + 100);
    }

    @Test
    void an_emptied_store_starts_again_at_zero() {
        append(event("order-1", 0), event("order-1", 1));
        store.appendSnapshot(event("order-1", 1)).join();
        schedule("a", NOON);

        store.clear().join();

        assertThat(store.lastToken()).isEqualTo(-1);
        assertThat(store.readAggregate("order-1", 0, 1_000)).isEmpty();
        assertThat(store.readSnapshots("order-1", 0, 10, 10)).isEmpty();
        assertThat(store.nextDue()).isEmpty();
        append(event("order-1", 0));
        assertThat(tokensFrom(0)).containsExactly(0L);
    }

    void append(NewEvent... transaction) {
        store.append(List.of(transaction)).join();
    }

    private void assertRefused(String message, NewEvent... transaction) {
        assertThatThrownBy(() -> append(transaction)).hasRootCauseInstanceOf(InvalidSequenceException.class).hasRootCauseMessage(message);
    }

    private static void assertRefused(CompletableFuture<Void> append) {
        assertThatThrownBy(append::join).hasCauseInstanceOf(InvalidSequenceException.class);
    }

    private void schedule(String token, long instant) {
        Event event = Event.newBuilder().setMessageIdentifier(token).build();
        store.schedule(new ScheduledEvent(token, instant, NewEvent.parse(event.toByteArray()))).join();
    }

    List<StoredEvent> allFrom(long token) {
        List<StoredEvent> all = new ArrayList<>();
        long next = token;
        for (List<Block> page = store.read(next, 10_000); !page.isEmpty(); page = store.read(next, 10_000)) {
            for (Block block : page) {
                all.addAll(block.from(next));
                next = block.lastToken() + 1;
            }
        }
        return all;
    }

    List<Long> tokensFrom(long token) {
        return allFrom(token).stream().map(StoredEvent::position).toList();
    }

    List<Long> sequences(String aggregate, long from) {
        List<Long> sequences = new ArrayList<>();
        long next = from;
        for (List<StoredEvent> page = store.readAggregate(aggregate, next, 1_000); !page.isEmpty();
             page = store.readAggregate(aggregate, next, 1_000)) {
            page.forEach(event -> sequences.add(event.position()));
            next = sequences.get(sequences.size() - 1) + 1;
        }
        return sequences;
    }

    private List<Long> snapshots(long from, long to, int limit) {
        return store.readSnapshots("order-1", from, to, limit).stream().map(StoredEvent::position).toList();
    }

    static List<Long> numbers(long from, long to) {
        return java.util.stream.LongStream.range(from, to).boxed().toList();
    }

    static NewEvent event(String aggregate, long sequence) {
        return dated(aggregate, sequence, NOON);
    }

    static NewEvent dated(String aggregate, long sequence, long instant) {
        return NewEvent.parse(message(aggregate, sequence, instant).build().toByteArray());
    }

    private static Event.Builder message(String aggregate, long sequence, long instant) {
        return Event.newBuilder()
                .setMessageIdentifier(aggregate + "/" + sequence)
                .setAggregateIdentifier(aggregate)
                .setAggregateSequenceNumber(sequence)
                .setAggregateType("Order")
                .setTimestamp(instant)
                .setPayload(SerializedObject.newBuilder().setType("OrderPlaced").setData(ByteString.copyFromUtf8("{\"amount\":100}")));
    }
}
