package jangter.platform.mongo;

import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.DeleteOneModel;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;
import com.mongodb.reactivestreams.client.MongoCollection;
import jangter.platform.batch.Batch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.axonframework.modelling.saga.AssociationValue;
import org.axonframework.modelling.saga.AssociationValues;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Sagas in MongoDB, written once a batch of events together with all else that the batch writes, before the token moves.
 *
 * <p>A saga is a document by its id. What it is associated with is a document of its own, by the association: both are read by
 * {@code _id}, and neither needs a secondary index. Runs on the processors' threads, never on an event loop.
 */
public final class BatchedSagaStore implements SagaStore<Object> {

    private static final ReplaceOptions UPSERT = new ReplaceOptions().upsert(true);

    private final MongoCollection<Document> sagas;
    private final MongoCollection<Document> associations;
    private final Serializer serializer;

    BatchedSagaStore(MongoCollection<Document> sagas, MongoCollection<Document> associations, Serializer serializer) {
        this.sagas = sagas;
        this.associations = associations;
        this.serializer = serializer;
    }

    @Override
    public Set<String> findSagas(Class<?> sagaType, AssociationValue association) {
        Document found = Mono.from(associations.find(Filters.eq("_id", id(sagaType, association))).first()).block(Databases.PATIENCE);
        return found == null ? Set.of() : new HashSet<>(found.getList("sagas", String.class));
    }

    @Override
    public <S> @Nullable Entry<S> loadSaga(Class<S> sagaType, String sagaIdentifier) {
        Document found = Mono.from(sagas.find(Filters.eq("_id", sagaIdentifier)).first()).block(Databases.PATIENCE);
        if (found == null) {
            return null;
        }
        S saga = serializer.deserialize(new SimpleSerializedObject<>(found.getString("state"), String.class, found.getString("type"),
                found.getString("revision")));
        Set<AssociationValue> associated = new HashSet<>();
        found.getList("associations", Document.class).forEach(a -> associated.add(new AssociationValue(a.getString("key"), a.getString("value"))));
        return new Entry<>() {
            @Override
            public Set<AssociationValue> associationValues() {
                return associated;
            }

            @Override
            public S saga() {
                return saga;
            }
        };
    }

    @Override
    public void insertSaga(Class<?> sagaType, String sagaIdentifier, Object saga, Set<AssociationValue> values) {
        put(sagaIdentifier, saga, values);
        values.forEach(value -> associate(sagaType, sagaIdentifier, value));
    }

    @Override
    public void updateSaga(Class<?> sagaType, String sagaIdentifier, Object saga, AssociationValues values) {
        put(sagaIdentifier, saga, values.asSet());
        values.addedAssociations().forEach(value -> associate(sagaType, sagaIdentifier, value));
        values.removedAssociations().forEach(value -> dissociate(sagaType, sagaIdentifier, value));
    }

    @Override
    public void deleteSaga(Class<?> sagaType, String sagaIdentifier, Set<AssociationValue> values) {
        write(writes -> writes.sagas, new DeleteOneModel<>(Filters.eq("_id", sagaIdentifier)));
        values.forEach(value -> dissociate(sagaType, sagaIdentifier, value));
    }

    private void put(String sagaIdentifier, Object saga, Set<AssociationValue> values) {
        var state = serializer.serialize(saga, String.class);
        Document document = new Document("_id", sagaIdentifier).append("type", state.getType().getName())
                .append("revision", state.getType().getRevision()).append("state", state.getData())
                .append("associations", values.stream().map(v -> new Document("key", v.getKey()).append("value", v.getValue())).toList());
        write(writes -> writes.sagas, new ReplaceOneModel<>(Filters.eq("_id", sagaIdentifier), document, UPSERT));
    }

    private void associate(Class<?> sagaType, String sagaIdentifier, AssociationValue value) {
        write(writes -> writes.associations, new UpdateOneModel<>(Filters.eq("_id", id(sagaType, value)), Updates.addToSet("sagas", sagaIdentifier),
                new UpdateOptions().upsert(true)));
    }

    /** The document goes with its last saga. */
    private void dissociate(Class<?> sagaType, String sagaIdentifier, AssociationValue value) {
        Bson byId = Filters.eq("_id", id(sagaType, value));
        write(writes -> writes.associations, new DeleteOneModel<>(Filters.and(byId, Filters.eq("sagas", List.of(sagaIdentifier)))));
        write(writes -> writes.associations, new UpdateOneModel<>(byId, Updates.pull("sagas", sagaIdentifier)));
    }

    private static String id(Class<?> sagaType, AssociationValue value) {
        return sagaType.getSimpleName() + "/" + value.getKey() + "=" + value.getValue();
    }

    private void write(Function<Writes, List<WriteModel<Document>>> collection, WriteModel<Document> model) {
        Batch.current().note(this, Writes.class, Writes::new, writes -> collection.apply(writes).add(model));
    }

    private final class Writes implements Batch.Part {

        private final List<WriteModel<Document>> sagas = new ArrayList<>();
        private final List<WriteModel<Document>> associations = new ArrayList<>();

        @Override
        public Mono<Void> finish() {
            return Mono.when(write(BatchedSagaStore.this.sagas, sagas), write(BatchedSagaStore.this.associations, associations));
        }

        private Mono<?> write(MongoCollection<Document> collection, List<WriteModel<Document>> models) {
            return models.isEmpty() ? Mono.empty() : Mono.from(collection.bulkWrite(models, new BulkWriteOptions().ordered(true)));
        }
    }
}
