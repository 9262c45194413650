package jangter.platform.mongo;

import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;
import com.mongodb.reactivestreams.client.MongoCollection;
import jangter.platform.batch.Batch;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.modelling.saga.AssociationValue;
import org.axonframework.modelling.saga.AssociationValues;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Sagas in MongoDB, written once a batch of events together with all else that the batch writes, before the token moves.
 *
 * <p>A saga here is about one thing: it has one association, and its document is found by it. So there is never a second saga about the
 * same thing, and finding one and loading it is one read.
 *
 * <p>A process that was paused while another took its place may still have a batch to write. So a document keeps the position of the
 * events that made it, and an older batch leaves it alone; and of a saga that ended, a mark stays for a day, so that it is not brought
 * back to life. Runs on the processors' threads, never on an event loop.
 */
public final class BatchedSagaStore implements SagaStore<Object> {

    private static final Duration MARK_KEPT = Duration.ofDays(1);
    private static final Duration FORGETTING = Duration.ofMinutes(1);
    private static final UpdateOptions INSERT = new UpdateOptions().upsert(true);

    private final MongoCollection<Document> sagas;
    private final Serializer serializer;
    private final Clock clock;

    BatchedSagaStore(MongoCollection<Document> sagas, Serializer serializer, Clock clock) {
        this.sagas = sagas;
        this.serializer = serializer;
        this.clock = clock;
    }

    @Override
    public Set<String> findSagas(Class<?> sagaType, AssociationValue association) {
        Document found = read(Filters.eq("_id", id(sagaType, association)));
        if (found == null || found.get("ended") != null) {
            return Set.of();
        }
        String saga = found.getString("saga");
        justRead().put(saga, found);
        return Set.of(saga);
    }

    @Override
    public <S> @Nullable Entry<S> loadSaga(Class<S> sagaType, String sagaIdentifier) {
        Document found = justRead().remove(sagaIdentifier);
        if (found == null) {
            found = read(Filters.and(Filters.eq("saga", sagaIdentifier), Filters.eq("ended", null)));
        }
        return found == null ? null : entry(found);
    }

    @Override
    public void insertSaga(Class<?> sagaType, String sagaIdentifier, Object saga, Set<AssociationValue> values) {
        AssociationValue about = about(values);
        SerializedObject<String> state = serializer.serialize(saga, String.class);
        note(position -> new UpdateOneModel<>(Filters.eq("_id", id(sagaType, about)), Updates.combine(
                Updates.setOnInsert("saga", sagaIdentifier),
                Updates.setOnInsert("key", about.getKey()),
                Updates.setOnInsert("value", about.getValue()),
                Updates.setOnInsert("type", state.getType().getName()),
                Updates.setOnInsert("revision", state.getType().getRevision()),
                Updates.setOnInsert("state", state.getData()),
                Updates.setOnInsert("position", position)), INSERT));
    }

    @Override
    public void updateSaga(Class<?> sagaType, String sagaIdentifier, Object saga, AssociationValues values) {
        String id = id(sagaType, about(values.asSet()));
        SerializedObject<String> state = serializer.serialize(saga, String.class);
        note(position -> new UpdateOneModel<>(
                Filters.and(Filters.eq("_id", id), Filters.eq("saga", sagaIdentifier), Filters.eq("ended", null), Filters.lte("position", position)),
                Updates.combine(
                        Updates.set("type", state.getType().getName()),
                        Updates.set("revision", state.getType().getRevision()),
                        Updates.set("state", state.getData()),
                        Updates.set("position", position))));
    }

    @Override
    public void deleteSaga(Class<?> sagaType, String sagaIdentifier, Set<AssociationValue> values) {
        String id = id(sagaType, about(values));
        note(position -> new UpdateOneModel<>(Filters.eq("_id", id), Updates.combine(Updates.set("ended", clock.instant()), Updates.unset("state"))));
    }

    /** Forgets the marks of sagas that ended long enough ago. */
    static Mono<Void> forgetOld(MongoCollection<Document> sagas, Clock clock) {
        Instant before = clock.instant().minus(MARK_KEPT);
        return Mono.from(sagas.deleteMany(Filters.lt("ended", before))).timeout(FORGETTING).then();
    }

    private @Nullable Document read(Bson filter) {
        return Mono.from(sagas.find(filter).first()).block(Databases.PATIENCE);
    }

    private <S> Entry<S> entry(Document found) {
        S saga = serializer.deserialize(new SimpleSerializedObject<>(found.getString("state"), String.class, found.getString("type"),
                found.getString("revision")));
        Set<AssociationValue> about = Set.of(new AssociationValue(found.getString("key"), found.getString("value")));
        return new Entry<>() {
            @Override
            public Set<AssociationValue> associationValues() {
                return about;
            }

            @Override
            public S saga() {
                return saga;
            }
        };
    }

    /** What was found in this unit of work, by the saga's identifier: the framework loads next what it finds. */
    private Map<String, Document> justRead() {
        return CurrentUnitOfWork.isStarted()
                ? CurrentUnitOfWork.get().root().getOrComputeResource(BatchedSagaStore.class.getName(), key -> new HashMap<>()) : new HashMap<>();
    }

    private static AssociationValue about(Set<AssociationValue> values) {
        if (values.size() != 1) {
            throw new IllegalStateException("A saga here is about one thing, and this one is associated with " + values);
        }
        return values.iterator().next();
    }

    private static String id(Class<?> sagaType, AssociationValue value) {
        return sagaType.getSimpleName() + "/" + value.getKey() + "=" + value.getValue();
    }

    private void note(AtPosition write) {
        Batch.current().note(this, Writes.class, Writes::new, writes -> writes.all.add(write));
    }

    private interface AtPosition {
        WriteModel<Document> of(long position);
    }

    private final class Writes implements Batch.Part {

        private final List<AtPosition> all = new ArrayList<>();

        @Override
        public Mono<Void> finish(long position) {
            return Mono.from(sagas.bulkWrite(all.stream().map(write -> write.of(position)).toList(), new BulkWriteOptions().ordered(true))).then();
        }
    }
}
