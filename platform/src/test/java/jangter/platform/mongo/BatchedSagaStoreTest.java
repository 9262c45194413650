package jangter.platform.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoClients;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import jangter.kernel.PaymentId;
import jangter.platform.batch.TokenAfterBatch;
import jangter.platform.messaging.Serializers;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.modelling.saga.AssociationValue;
import org.axonframework.modelling.saga.AssociationValuesImpl;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
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
        AtomicInteger reads = new AtomicInteger();
        try (MongoClient counting = countingReads(reads)) {
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
        assertThat(reads).hasValue(1);
    }

    private MongoClient countingReads(AtomicInteger reads) {
        return MongoClients.create(MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString("mongodb://127.0.0.1:" + server.getLocalAddress().getPort()))
                .addCommandListener(new CommandListener() {
                    @Override
                    public void commandStarted(CommandStartedEvent event) {
                        if (event.getCommandName().equals("find")) {
                            reads.incrementAndGet();
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
