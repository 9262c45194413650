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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.axonframework.common.property.PropertyAccessStrategy;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.modelling.saga.AssociationValue;
import org.axonframework.modelling.saga.AssociationValues;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.axonframework.serialization.SerializationException;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Sagas in MongoDB, written once a batch of events together with all else that the batch writes, before the token moves.
 *
 * <p>A saga here is about one thing: it has one association, and its document is found by it. So there is never a second saga about the
 * same thing, and finding those of a whole batch of events and loading them is one read.
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
        Document found = known().about(sagaType, association);
        return found == null || found.get("ended") != null ? Set.of() : Set.of(found.getString("saga"));
    }

    @Override
    public <S> @Nullable Entry<S> loadSaga(Class<S> sagaType, String sagaIdentifier) {
        Document found = known().named(sagaIdentifier);
        if (found == null) {
            found = readAll(Filters.and(Filters.eq("saga", sagaIdentifier), Filters.eq("ended", null))).stream().findFirst().orElse(null);
        }
        return found == null ? null : entry(found);
    }

    @Override
    public void insertSaga(Class<?> sagaType, String sagaIdentifier, Object saga, Set<AssociationValue> values) {
        AssociationValue about = about(values);
        SerializedObject<String> state = serializer.serialize(saga, String.class);
        String id = id(sagaType, about);
        note(position -> new UpdateOneModel<>(Filters.eq("_id", id), Updates.combine(
                Updates.setOnInsert("saga", sagaIdentifier),
                Updates.setOnInsert("key", about.getKey()),
                Updates.setOnInsert("value", about.getValue()),
                Updates.setOnInsert("type", state.getType().getName()),
                Updates.setOnInsert("revision", state.getType().getRevision()),
                Updates.setOnInsert("state", state.getData()),
                Updates.setOnInsert("position", position)), INSERT));
        // a process that was away may have been in between with fewer events
        note(position -> new UpdateOneModel<>(Filters.and(Filters.eq("_id", id), Filters.eq("ended", null), Filters.lt("position", position)),
                Updates.combine(
                        Updates.set("saga", sagaIdentifier),
                        Updates.set("type", state.getType().getName()),
                        Updates.set("revision", state.getType().getRevision()),
                        Updates.set("state", state.getData()),
                        Updates.set("position", position))));
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

    /** Sagas send commands as they go, which nobody takes back: so none of those read over a new connection is handed out. */
    private List<Document> readAll(Bson filter) {
        List<Document> found = Flux.from(sagas.find(filter)).collectList().blockOptional(Databases.PATIENCE).orElse(List.of());
        if (CurrentUnitOfWork.isStarted()) {
            Batch.current().mustStillBeInTouch();
        }
        return found;
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

    private Known known() {
        return CurrentUnitOfWork.isStarted()
                ? CurrentUnitOfWork.get().root().getOrComputeResource(BatchedSagaStore.class.getName(), key -> new Known()) : new Known();
    }

    /**
     * What was read for one batch of events, found or not. Nobody else changes it meanwhile, and what the batch itself changes, the
     * framework keeps until the batch is written.
     */
    private final class Known {

        private final Map<String, Optional<Document>> byId = new HashMap<>();

        /** With the first that is looked for, those of all the batch's events are read at once. */
        @Nullable Document about(Class<?> sagaType, AssociationValue association) {
            String id = id(sagaType, association);
            if (!byId.containsKey(id)) {
                Set<String> wanted = idsInBatch(sagaType, association.getKey());
                wanted.add(id);
                wanted.removeAll(byId.keySet());
                wanted.forEach(one -> byId.put(one, Optional.empty()));
                readAll(Filters.in("_id", wanted)).forEach(document -> byId.put(document.getString("_id"), Optional.of(document)));
            }
            return byId.get(id).orElse(null);
        }

        @Nullable Document named(String saga) {
            return byId.values().stream().flatMap(Optional::stream).filter(document -> saga.equals(document.getString("saga"))
                    && document.get("ended") == null).findFirst().orElse(null);
        }

        private Set<String> idsInBatch(Class<?> sagaType, String key) {
            Set<String> ids = new HashSet<>();
            if (CurrentUnitOfWork.isStarted() && CurrentUnitOfWork.get().root() instanceof BatchingUnitOfWork<?> batch) {
                batch.getMessages().forEach(event -> value(event, key).ifPresent(value -> ids.add(id(sagaType, new AssociationValue(key, value)))));
            }
            return ids;
        }

        private static Optional<String> value(Message<?> event, String key) {
            try {
                return valueOf(event.getPayloadType(), event.getPayload(), key);
            } catch (SerializationException unreadable) {
                // it is looked at once more when it is its turn
                return Optional.empty();
            }
        }

        private static <T> Optional<String> valueOf(Class<T> type, Object payload, String key) {
            return Optional.ofNullable(PropertyAccessStrategy.getProperty(type, key)).map(property -> property.getValue(type.cast(payload)))
                    .map(Object::toString);
        }
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
