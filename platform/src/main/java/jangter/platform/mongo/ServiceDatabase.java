package jangter.platform.mongo;

import com.mongodb.reactivestreams.client.MongoCollection;
import com.mongodb.reactivestreams.client.MongoDatabase;
import jangter.platform.http.Once;
import java.time.Clock;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.axonframework.serialization.Serializer;
import org.bson.Document;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** One service's database. */
public final class ServiceDatabase {

    private final MongoDatabase database;
    private final Clock clock;
    private final Once once;
    private final UnwritableEvents unwritable = new UnwritableEvents();

    ServiceDatabase(MongoDatabase database, JsonMapper json, Clock clock) {
        this.database = database;
        this.clock = clock;
        this.once = new Once(database.getCollection("answers"), json, clock);
    }

    /** A view's collection of that name. */
    public View view(String collection) {
        return new View(database.getCollection(collection, Document.class), unwritable);
    }

    /** Where the service keeps its sagas. */
    public SagaStore<Object> sagaStore(Serializer serializer) {
        return new BatchedSagaStore(sagas(), serializer, clock);
    }

    /** Forgets what was kept long enough. */
    Mono<Void> forgetOld() {
        return once.forgetOld().then(BatchedSagaStore.forgetOld(sagas(), clock));
    }

    private MongoCollection<Document> sagas() {
        return database.getCollection("sagas");
    }

    /** The service's answers to requests that carry an idempotency key. */
    public Once once() {
        return once;
    }
}
