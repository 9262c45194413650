package jangter.platform.mongo;

import com.mongodb.reactivestreams.client.MongoDatabase;
import jangter.platform.http.Once;
import java.time.Clock;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.axonframework.serialization.Serializer;
import org.bson.Document;
import tools.jackson.databind.json.JsonMapper;

/** One service's database. */
public final class ServiceDatabase {

    private final MongoDatabase database;
    private final Once once;
    private final UnwritableEvents unwritable = new UnwritableEvents();

    ServiceDatabase(MongoDatabase database, JsonMapper json, Clock clock) {
        this.database = database;
        this.once = new Once(database.getCollection("answers"), json, clock);
    }

    /** A view's collection of that name. */
    public View view(String collection) {
        return new View(database.getCollection(collection, Document.class), unwritable);
    }

    /** Where the service keeps its sagas. */
    public SagaStore<Object> sagaStore(Serializer serializer) {
        return new BatchedSagaStore(database.getCollection("sagas"), database.getCollection("associations"), serializer);
    }

    /** The service's answers to requests that carry an idempotency key. */
    public Once once() {
        return once;
    }
}
