package jangter.platform.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.model.Filters;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoClients;
import com.mongodb.reactivestreams.client.MongoCollection;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import jangter.kernel.PaymentId;
import jangter.platform.batch.TokenAfterBatch;
import jangter.platform.messaging.Serializers;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.GenericTrackedEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.modelling.saga.AssociationValue;
import org.axonframework.modelling.saga.AssociationValuesImpl;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

class BatchedSagaStoreTest {

    private static final AssociationValue PAYMENT = new AssociationValue("paymentId", "payment-1");
    private static final AssociationValue ANOTHER = new AssociationValue("paymentId", "payment-2");

    private final MongoServer server = new MongoServer(H2Backend.inMemory());
    private final MongoClient client = MongoClients.create("mongodb://127.0.0.1:" + server.bind().getPort());
    private final SagaStore<Object> sagas = new Databases(client, JsonMapper.shared(), Clock.systemUTC()).of("saga").sagaStore(Serializers.json());

    /** A saga's fields are private and have no accessors. */
    static class Walk {
        private PaymentId payment;
        private int steps;
    }

    @AfterEach
    void stop() {
        client.close();
        server.shutdownNow();
    }

    @Test
    void a_saga_comes_back_as_it_was_stored() {
        inBatch(1, () -> sagas.insertSaga(Walk.class, "saga-1", walk(1), Set.of(PAYMENT)));

        assertThat(sagas.findSagas(Walk.class, PAYMENT)).containsExactly("saga-1");
        SagaStore.Entry<Walk> entry = sagas.loadSaga(Walk.class, "saga-1");
        assertThat(entry.saga()).usingRecursiveComparison().isEqualTo(walk(1));
        assertThat(entry.associationValues()).containsExactly(PAYMENT);
    }

    @Test
    void only_the_last_state_of_a_batch_counts() {
        inBatch(1, () -> {
            sagas.insertSaga(Walk.class, "saga-1", walk(1), Set.of(PAYMENT));
            sagas.updateSaga(Walk.class, "saga-1", walk(2), new AssociationValuesImpl(Set.of(PAYMENT)));
        });

        assertThat(load("saga-1").steps).isEqualTo(2);
    }

    @Test
    void a_saga_that_ended_is_found_no_more_and_takes_no_other_with_it() {
        inBatch(1, () -> {
            sagas.insertSaga(Walk.class, "saga-1", walk(1), Set.of(PAYMENT));
            sagas.insertSaga(Walk.class, "saga-2", walk(2), Set.of(ANOTHER));
        });
        inBatch(2, () -> sagas.deleteSaga(Walk.class, "saga-1", Set.of(PAYMENT)));

        assertThat(sagas.<Walk>loadSaga(Walk.class, "saga-1")).isNull();
        assertThat(sagas.findSagas(Walk.class, PAYMENT)).isEmpty();
        assertThat(sagas.findSagas(Walk.class, ANOTHER)).containsExactly("saga-2");
    }

    @Test
    void a_process_that_was_away_does_not_write_an_older_state_over_a_newer_one() {
        inBatch(1, () -> sagas.insertSaga(Walk.class, "saga-1", walk(1), Set.of(PAYMENT)));
        inBatch(7, () -> sagas.updateSaga(Walk.class, "saga-1", walk(3), new AssociationValuesImpl(Set.of(PAYMENT))));

        inBatch(5, () -> sagas.updateSaga(Walk.class, "saga-1", walk(2), new AssociationValuesImpl(Set.of(PAYMENT))));

        assertThat(load("saga-1").steps).isEqualTo(3);
    }

    @Test
    void a_process_that_was_away_neither_brings_a_saga_back_to_life_nor_makes_a_second_one() {
        inBatch(1, () -> sagas.insertSaga(Walk.class, "saga-1", walk(1), Set.of(PAYMENT)));

        inBatch(1, () -> sagas.insertSaga(Walk.class, "saga-of-the-other", walk(1), Set.of(PAYMENT)));
        assertThat(sagas.findSagas(Walk.class, PAYMENT)).containsExactly("saga-1");

        inBatch(4, () -> sagas.deleteSaga(Walk.class, "saga-1", Set.of(PAYMENT)));
        inBatch(5, () -> sagas.updateSaga(Walk.class, "saga-1", walk(2), new AssociationValuesImpl(Set.of(PAYMENT))));
        inBatch(5, () -> sagas.insertSaga(Walk.class, "saga-3", walk(1), Set.of(PAYMENT)));
        assertThat(sagas.findSagas(Walk.class, PAYMENT)).isEmpty();
    }

    @Test
    void a_saga_that_was_read_over_a_new_connection_is_not_handed_out() {
        inBatch(1, () -> sagas.insertSaga(Walk.class, "saga-1", walk(1), Set.of(PAYMENT)));
        AtomicLong lost = new AtomicLong();
        TokenAfterBatch tokens = new TokenAfterBatch(tokens(), Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ZERO, lost::get, () -> 0);
        DefaultUnitOfWork<?> unitOfWork = DefaultUnitOfWork.startAndGet(GenericEventMessage.asEventMessage("event"));
        tokens.begin(unitOfWork, "saga-checkout", 0);

        lost.incrementAndGet();

        assertThatThrownBy(() -> sagas.findSagas(Walk.class, PAYMENT)).isInstanceOf(UnableToClaimTokenException.class).hasMessageContaining("comes again");
        unitOfWork.rollback();
    }

    @Test
    void a_saga_about_two_things_is_refused() {
        assertThatThrownBy(() -> inBatch(1, () -> sagas.insertSaga(Walk.class, "saga-1", walk(1), Set.of(PAYMENT, ANOTHER))))
                .hasMessageContaining("about one thing");
    }

    @Test
    void nothing_is_written_before_the_batch_is() {
        DefaultUnitOfWork<?> unitOfWork = DefaultUnitOfWork.startAndGet(GenericEventMessage.asEventMessage("event"));
        sagas.insertSaga(Walk.class, "saga-1", walk(1), Set.of(PAYMENT));
        unitOfWork.rollback();

        assertThat(sagas.<Walk>loadSaga(Walk.class, "saga-1")).isNull();
    }

    @Test
    void a_batch_that_comes_twice_leaves_the_same() {
        for (int time = 0; time < 2; time++) {
            inBatch(1, () -> sagas.insertSaga(Walk.class, "saga-1", walk(1), Set.of(PAYMENT)));
        }

        assertThat(sagas.findSagas(Walk.class, PAYMENT)).containsExactly("saga-1");
    }

    /** An event about a payment. */
    record Walked(PaymentId paymentId) {
    }

    @Test
    void the_sagas_of_all_events_in_a_batch_are_read_at_once() {
        inBatch(1, () -> sagas.insertSaga(Walk.class, "saga-1", walk(1), Set.of(PAYMENT)));
        inBatch(2, () -> sagas.insertSaga(Walk.class, "saga-2", walk(2), Set.of(ANOTHER)));
        List<String> asked = new CopyOnWriteArrayList<>();
        try (MongoClient counting = listening(asked::add)) {
            SagaStore<Object> counted = new Databases(counting, JsonMapper.shared(), Clock.systemUTC()).of("saga").sagaStore(Serializers.json());
            BatchingUnitOfWork<?> batch = new BatchingUnitOfWork<>(List.of(walked("payment-1"), walked("payment-2"), walked("payment-3"),
                    GenericEventMessage.asEventMessage("about no payment")));
            batch.start();
            assertThat(counted.findSagas(Walk.class, PAYMENT)).containsExactly("saga-1");
            assertThat(counted.<Walk>loadSaga(Walk.class, "saga-1").saga().steps).isEqualTo(1);
            assertThat(counted.findSagas(Walk.class, ANOTHER)).containsExactly("saga-2");
            assertThat(counted.<Walk>loadSaga(Walk.class, "saga-2").saga().steps).isEqualTo(2);
            assertThat(counted.findSagas(Walk.class, new AssociationValue("paymentId", "payment-3"))).isEmpty();
            batch.rollback();
        }
        assertThat(asked).containsExactly("find");
    }

    // --- over the batches of a segment

    /** The event that begins a journey. */
    record SetOut(PaymentId paymentId) {
    }

    static class Journey {
        private int steps;

        @StartSaga
        @SagaEventHandler(associationProperty = "paymentId")
        void on(SetOut event) {
            steps = 1;
        }

        static Journey of(int steps) {
            Journey journey = new Journey();
            journey.steps = steps;
            return journey;
        }
    }

    private static final Duration SAVE_EVERY = Duration.ofMillis(200);
    private static final Document JOURNEY_1 = new Document("_id", "Journey/paymentId=payment-1").append("saga", "saga-1").append("key", "paymentId")
            .append("value", "payment-1").append("type", Journey.class.getName()).append("revision", null).append("state", "{\"steps\":7}").append("position", 9L);

    private final InMemoryTokenStore storedTokens = tokens();
    private final AtomicLong now = new AtomicLong();

    /** An event, and what its handler does. */
    private record Step(Object event, Runnable handler) {
    }

    /** A process that holds the segment, and may be killed at any time. */
    private final class Holder implements AutoCloseable {

        private final List<String> asked = new CopyOnWriteArrayList<>();
        private final MongoClient listening = listening(asked::add);
        private final SagaStore<Object> sagas = new Databases(listening, JsonMapper.shared(), Clock.systemUTC()).of("saga").sagaStore(Serializers.json());
        private final TokenAfterBatch tokens = new TokenAfterBatch(storedTokens, Duration.ofSeconds(5), Duration.ofSeconds(2), SAVE_EVERY, () -> 0, now::get);

        /** Handles those events as one batch, the last of which is at that position. */
        void handle(long position, Step... steps) {
            List<EventMessage<?>> events = IntStream.range(0, steps.length).<EventMessage<?>>mapToObj(step -> new GenericTrackedEventMessage<>(
                    new GlobalSequenceTrackingToken(position - steps.length + 1 + step), GenericEventMessage.asEventMessage(steps[step].event()))).toList();
            Iterator<Step> next = List.of(steps).iterator();
            BatchingUnitOfWork<?> batch = new BatchingUnitOfWork<>(events);
            batch.onPrepareCommit(committing -> tokens.storeToken(new GlobalSequenceTrackingToken(position), "saga-checkout", 0));
            var result = batch.executeWithResult(() -> {
                Step step = next.next();
                if (step == steps[0]) {
                    tokens.begin(batch, "saga-checkout", 0);
                }
                step.handler().run();
                return null;
            });
            if (result.isExceptional()) {
                throw (RuntimeException) result.exceptionResult();
            }
        }

        void begin(String saga, AssociationValue about) {
            assertThat(sagas.findSagas(Journey.class, about)).isEmpty();
            sagas.insertSaga(Journey.class, saga, Journey.of(1), Set.of(about));
        }

        void go(String saga, AssociationValue about, int steps) {
            assertThat(sagas.findSagas(Journey.class, about)).containsExactly(saga);
            assertThat(sagas.<Journey>loadSaga(Journey.class, saga).saga().steps).isEqualTo(steps - 1);
            sagas.updateSaga(Journey.class, saga, Journey.of(steps), new AssociationValuesImpl(Set.of(about)));
        }

        void end(String saga, AssociationValue about) {
            assertThat(sagas.findSagas(Journey.class, about)).containsExactly(saga);
            sagas.deleteSaga(Journey.class, saga, Set.of(about));
        }

        void save() {
            tokens.extendClaim("saga-checkout", 0);
        }

        List<String> asked() {
            List<String> since = List.copyOf(asked);
            asked.clear();
            return since;
        }

        @Override
        public void close() {
            listening.close();
        }
    }

    private final Holder holder = new Holder();

    @AfterEach
    void stopHolder() {
        holder.close();
    }

    @Test
    void several_batches_are_written_at_once_and_what_is_at_hand_is_not_read() {
        holder.handle(1, setOut("payment-1", () -> holder.begin("saga-1", PAYMENT)));
        assertThat(holder.asked()).containsOnly("find");
        holder.handle(2, setOut("payment-2", () -> holder.begin("saga-2", ANOTHER)));
        holder.handle(3, walked("payment-1", () -> holder.go("saga-1", PAYMENT, 2)));
        assertThat(holder.asked()).isEmpty();
        assertThat(documents()).isEmpty();

        now.set(SAVE_EVERY.toNanos());
        holder.handle(4, walked("payment-1", () -> holder.go("saga-1", PAYMENT, 3)));

        assertThat(holder.asked()).containsExactly("update");
        assertThat(documents()).extracting(saga -> saga.get("saga"), saga -> saga.get("state"), saga -> saga.get("position"))
                .containsExactlyInAnyOrder(tuple("saga-1", "{\"steps\":3}", 4L), tuple("saga-2", "{\"steps\":1}", 4L));
        assertThat(storedTokens.fetchToken("saga-checkout", 0)).isEqualTo(new GlobalSequenceTrackingToken(4));
    }

    @Test
    void what_did_not_change_since_it_was_saved_is_not_written_again() {
        holder.handle(1, setOut("payment-1", () -> holder.begin("saga-1", PAYMENT)));
        holder.save();
        holder.handle(2, setOut("payment-2", () -> holder.begin("saga-2", ANOTHER)));
        holder.save();

        assertThat(documents()).extracting(saga -> saga.get("saga"), saga -> saga.get("position"))
                .containsExactlyInAnyOrder(tuple("saga-1", 1L), tuple("saga-2", 2L));
    }

    @Test
    void of_a_saga_that_begins_and_ends_between_two_savings_only_a_mark_stays() {
        holder.handle(1, setOut("payment-1", () -> holder.begin("saga-1", PAYMENT)));
        holder.handle(2, walked("payment-1", () -> holder.end("saga-1", PAYMENT)));
        holder.handle(3, walked("payment-1", () -> {
            assertThat(holder.sagas.findSagas(Journey.class, PAYMENT)).isEmpty();
            assertThat(holder.sagas.<Journey>loadSaga(Journey.class, "saga-1")).isNull();
        }));
        holder.save();

        assertThat(documents()).singleElement().satisfies(mark -> assertThat(mark).containsOnlyKeys("_id", "ended"));
        assertThat(sagas.findSagas(Journey.class, PAYMENT)).isEmpty();
        inBatch(1, () -> sagas.insertSaga(Journey.class, "saga-of-the-other", Journey.of(1), Set.of(PAYMENT)));
        assertThat(sagas.findSagas(Journey.class, PAYMENT)).isEmpty();
    }

    @Test
    void of_a_saga_that_was_saved_before_it_ended_only_a_mark_stays_too() {
        holder.handle(1, setOut("payment-1", () -> holder.begin("saga-1", PAYMENT)));
        holder.save();
        holder.handle(2, walked("payment-1", () -> holder.end("saga-1", PAYMENT)));
        holder.save();

        assertThat(documents()).singleElement().satisfies(mark -> assertThat(mark).containsKey("ended").doesNotContainKey("state"));
        assertThat(sagas.findSagas(Journey.class, PAYMENT)).isEmpty();
        assertThat(sagas.<Journey>loadSaga(Journey.class, "saga-1")).isNull();
    }

    @Test
    void after_a_kill_what_was_saved_is_there_and_the_rest_comes_again() {
        holder.handle(1, setOut("payment-1", () -> holder.begin("saga-1", PAYMENT)));
        holder.save();
        holder.handle(2, walked("payment-1", () -> holder.go("saga-1", PAYMENT, 2)));
        holder.handle(3, setOut("payment-2", () -> holder.begin("saga-2", ANOTHER)));

        try (Holder next = new Holder()) {
            assertThat(next.tokens.fetchToken("saga-checkout", 0)).isEqualTo(new GlobalSequenceTrackingToken(1));
            next.handle(3, walked("payment-1", () -> next.go("saga-1", PAYMENT, 2)), setOut("payment-2", () -> next.begin("saga-2 again", ANOTHER)));
            next.save();
        }

        assertThat(documents()).extracting(saga -> saga.get("saga"), saga -> saga.get("state"))
                .containsExactlyInAnyOrder(tuple("saga-1", "{\"steps\":2}"), tuple("saga-2 again", "{\"steps\":1}"));
    }

    @Test
    void a_batch_that_failed_half_way_leaves_nothing_of_it_in_memory() {
        holder.handle(1, setOut("payment-1", () -> holder.begin("saga-1", PAYMENT)));
        holder.save();
        assertThatThrownBy(() -> holder.handle(2, walked("payment-1", () -> {
            holder.go("saga-1", PAYMENT, 2);
            throw new IllegalStateException("broken");
        }))).hasMessage("broken");

        holder.tokens.releaseClaim("saga-checkout", 0);

        holder.handle(2, walked("payment-1", () -> holder.go("saga-1", PAYMENT, 2)));
        holder.save();
        assertThat(documents()).extracting(saga -> saga.get("state")).containsExactly("{\"steps\":2}");
    }

    @Test
    void for_an_event_that_begins_a_saga_and_lies_after_all_that_was_saved_nothing_is_read() {
        holder.handle(5, setOut("payment-1", () -> holder.begin("saga-1", PAYMENT)));
        holder.save();

        try (Holder next = new Holder()) {
            next.handle(6, setOut("payment-2", () -> next.begin("saga-2", ANOTHER)));
            assertThat(next.asked()).as("up to where was saved").containsExactly("find");
            next.handle(8, setOut("payment-3", () -> next.begin("saga-3", about("payment-3"))), setOut("payment-4", () -> next.begin("saga-4", about("payment-4"))));
            assertThat(next.asked()).isEmpty();
        }
    }

    @Test
    void for_one_that_begins_a_saga_and_does_not_lie_after_all_that_was_saved_it_is_looked_for() {
        holder.handle(5, setOut("payment-1", () -> holder.begin("saga-1", PAYMENT)));
        holder.save();

        try (Holder next = new Holder()) {
            next.handle(5, setOut("payment-1", () -> assertThat(next.sagas.findSagas(Journey.class, PAYMENT)).containsExactly("saga-1")));
        }
    }

    @Test
    void for_those_that_begin_none_sagas_are_looked_for_all_at_once() {
        holder.handle(4, setOut("payment-1", () -> holder.begin("saga-1", PAYMENT)), setOut("payment-2", () -> holder.begin("saga-2", ANOTHER)));
        holder.save();

        try (Holder next = new Holder()) {
            next.handle(7, setOut("payment-3", () -> next.begin("saga-3", about("payment-3"))), walked("payment-1", () -> next.go("saga-1", PAYMENT, 2)),
                    walked("payment-2", () -> next.go("saga-2", ANOTHER, 2)));
            assertThat(next.asked()).as("up to where was saved, and the two").containsExactly("find", "find");
        }
    }

    @Test
    void the_sagas_of_an_older_version_that_did_not_tell_up_to_where_it_saved_are_looked_for() {
        Mono.from(stored().insertOne(JOURNEY_1)).block();

        holder.handle(100, setOut("payment-1", () -> holder.go("saga-1", PAYMENT, 8)));
        holder.save();

        assertThat(documents()).extracting(saga -> saga.get("saga"), saga -> saga.get("state"), saga -> saga.get("position"))
                .containsExactly(tuple("saga-1", "{\"steps\":8}", 100L));
        try (Holder next = new Holder()) {
            next.handle(101, setOut("payment-2", () -> next.begin("saga-2", ANOTHER)));
            assertThat(next.asked()).as("by now it is told").containsExactly("find");
        }
    }

    @Test
    void how_far_was_saved_is_told_by_whoever_came_farthest() {
        holder.handle(50, setOut("payment-1", () -> holder.begin("saga-1", PAYMENT)));
        holder.save();
        inBatch(20, () -> sagas.insertSaga(Journey.class, "saga-2", Journey.of(1), Set.of(ANOTHER)));

        try (Holder next = new Holder()) {
            next.handle(50, setOut("payment-1", () -> assertThat(next.sagas.findSagas(Journey.class, PAYMENT)).containsExactly("saga-1")));
        }
    }

    private static Step setOut(String payment, Runnable handler) {
        return new Step(new SetOut(new PaymentId(payment)), handler);
    }

    private static Step walked(String payment, Runnable handler) {
        return new Step(new Walked(new PaymentId(payment)), handler);
    }

    private static AssociationValue about(String payment) {
        return new AssociationValue("paymentId", payment);
    }

    /** What is stored of sagas. */
    private List<Document> documents() {
        return Flux.from(stored().find(Filters.ne("_id", "saved"))).collectList().block();
    }

    private MongoCollection<Document> stored() {
        return client.getDatabase("jangter_saga").getCollection("sagas");
    }

    /** Tells the names of reads and writes. */
    private MongoClient listening(Consumer<String> heard) {
        return MongoClients.create(MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString("mongodb://127.0.0.1:" + server.getLocalAddress().getPort()))
                .addCommandListener(new CommandListener() {
                    @Override
                    public void commandStarted(CommandStartedEvent event) {
                        if (Set.of("find", "update", "insert", "delete").contains(event.getCommandName())) {
                            heard.accept(event.getCommandName());
                        }
                    }
                }).build());
    }

    private static EventMessage<Object> walked(String payment) {
        return GenericEventMessage.asEventMessage(new Walked(new PaymentId(payment)));
    }

    private Walk load(String saga) {
        return sagas.<Walk>loadSaga(Walk.class, saga).saga();
    }

    private static Walk walk(int steps) {
        Walk walk = new Walk();
        walk.payment = new PaymentId("payment-1");
        walk.steps = steps;
        return walk;
    }

    private static InMemoryTokenStore tokens() {
        InMemoryTokenStore tokens = new InMemoryTokenStore();
        tokens.initializeTokenSegments("saga-checkout", 1);
        return tokens;
    }

    private static void inBatch(long position, Runnable handler) {
        InMemoryTokenStore tokens = tokens();
        DefaultUnitOfWork<?> unitOfWork = DefaultUnitOfWork.startAndGet(GenericEventMessage.asEventMessage("event"));
        unitOfWork.onPrepareCommit(committing -> new TokenAfterBatch(tokens, Duration.ofSeconds(5))
                .storeToken(new GlobalSequenceTrackingToken(position), "saga-checkout", 0));
        unitOfWork.execute(handler);
    }
}
