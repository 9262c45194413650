package jangter.platform.mongo;

import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;
import com.mongodb.reactivestreams.client.MongoCollection;
import jangter.platform.batch.Batch;
import jangter.platform.batch.EventProperty;
import jangter.platform.batch.SegmentMemory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.modelling.saga.AssociationValue;
import org.axonframework.modelling.saga.AssociationValues;
import org.axonframework.modelling.saga.StartSaga;
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
 * Sagas in MongoDB, kept in memory while their segment is held, and saved now and then together with the token of the last event that made them: see
 * {@link SegmentMemory}. One that begins and ends in between is stored as a mark only.
 *
 * <p>A saga here is about one thing: it has one association, and its document is found by it. So there is never a second saga about the
 * same thing, and finding those of a whole batch of events and loading them is one read. The first event that names the thing is one that begins
 * a saga: if it lies after all that was ever saved, nothing need be read to know that there is no such saga yet.
 *
 * <p>A process that was paused while another took its place may still have something to save. So a document keeps the position of the
 * events that made it, and an older one leaves it alone; and of a saga that ended, a mark stays for a day, so that it is not brought
 * back to life. Runs on the processors' threads, never on an event loop.
 */
public final class BatchedSagaStore implements SagaStore<Object> {

    private static final Duration MARK_KEPT = Duration.ofDays(1);
    private static final Duration FORGETTING = Duration.ofMinutes(1);
    private static final UpdateOptions INSERT = new UpdateOptions().upsert(true);
    /** So many stay in memory besides those that are not saved yet. */
    private static final int MOST_AT_HAND = 10_000;
    /** The document that tells up to which event sagas were ever saved. */
    private static final Map<String, EventProperty> PROPERTIES = new ConcurrentHashMap<>();
    private static final String SAVED = "saved";
    private static final String POSITION = "position";
    private static final String ENDED = "ended";
    private static final String STATE = "state";

    private final MongoCollection<Document> sagas;
    private final Serializer serializer;
    private final Clock clock;
    private final Map<Class<?>, Set<Class<?>>> beginnings = new ConcurrentHashMap<>();

    BatchedSagaStore(MongoCollection<Document> sagas, Serializer serializer, Clock clock) {
        this.sagas = sagas;
        this.serializer = serializer;
        this.clock = clock;
    }

    @Override
    public Set<String> findSagas(Class<?> sagaType, AssociationValue association) {
        Kept found = kept().about(sagaType, association);
        return found.isThere() ? Set.of(found.saga) : Set.of();
    }

    @Override
    public <S> @Nullable Entry<S> loadSaga(Class<S> sagaType, String sagaIdentifier) {
        Kept found = kept().named(sagaIdentifier);
        return found == null ? null : entry(found);
    }

    @Override
    public void insertSaga(Class<?> sagaType, String sagaIdentifier, Object saga, Set<AssociationValue> values) {
        AssociationValue about = about(values);
        kept().put(new Kept(id(sagaType, about), sagaIdentifier, about, saga));
    }

    @Override
    public void updateSaga(Class<?> sagaType, String sagaIdentifier, Object saga, AssociationValues values) {
        kept().change(id(sagaType, about(values.asSet())), sagaIdentifier, about(values.asSet()), saga);
    }

    @Override
    public void deleteSaga(Class<?> sagaType, String sagaIdentifier, Set<AssociationValue> values) {
        kept().change(id(sagaType, about(values)), sagaIdentifier, about(values), null);
    }

    /** Forgets the marks of sagas that ended long enough ago. */
    static Mono<Void> forgetOld(MongoCollection<Document> sagas, Clock clock) {
        Instant before = clock.instant().minus(MARK_KEPT);
        return Mono.from(sagas.deleteMany(Filters.lt(ENDED, before))).timeout(FORGETTING).then();
    }

    /** Sagas send commands as they go, which nobody takes back: so none of those read over a new connection is handed out. */
    private List<Document> readAll(Bson filter) {
        List<Document> found = Flux.from(sagas.find(filter)).collectList().blockOptional(Databases.PATIENCE).orElse(List.of());
        if (CurrentUnitOfWork.isStarted()) {
            Batch.current().mustStillBeInTouch();
        }
        return found;
    }

    private <S> Entry<S> entry(Kept found) {
        @SuppressWarnings("unchecked")
        S saga = (S) found.state(serializer);
        Set<AssociationValue> about = Set.of(found.about);
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

    private AtHand kept() {
        return CurrentUnitOfWork.isStarted() ? Batch.current().memory().content(this, AtHand.class, AtHand::new) : new AtHand();
    }

    /** What is known of one saga, or that there is none. */
    private static final class Kept {

        private final String id;
        private final @Nullable String saga;
        private final @Nullable AssociationValue about;
        /** The saga itself, or as it was read and nobody has needed it yet; nothing once it has ended. */
        private @Nullable Object state;
        private boolean hasEnded;
        private boolean isStored;
        private boolean isSaved;

        /** A new one. */
        Kept(String id, String saga, AssociationValue about, @Nullable Object state) {
            this.id = id;
            this.saga = saga;
            this.about = about;
            this.state = state;
        }

        /** One that is stored, whatever it is there. */
        static Kept stored(String id, String saga, AssociationValue about) {
            Kept one = new Kept(id, saga, about, null);
            one.isStored = true;
            return one;
        }

        /** One as it is stored. */
        Kept(Document stored) {
            boolean ended = stored.get(ENDED) != null;
            this.id = stored.getString("_id");
            this.saga = stored.getString("saga");
            this.about = ended ? null : new AssociationValue(stored.getString("key"), stored.getString("value"));
            this.state = ended ? null : stored;
            this.hasEnded = ended;
            this.isStored = true;
            this.isSaved = true;
        }

        /** None. */
        Kept(String id) {
            this.id = id;
            this.saga = null;
            this.about = null;
            this.isSaved = true;
        }

        boolean isThere() {
            return state != null;
        }

        boolean hasEnded() {
            return hasEnded;
        }

        @Nullable Object state(Serializer serializer) {
            if (state instanceof Document stored) {
                state = serializer.deserialize(new SimpleSerializedObject<>(stored.getString(STATE), String.class, stored.getString("type"),
                        stored.getString("revision")));
            }
            return state;
        }

        void become(@Nullable Object changed) {
            state = changed;
            hasEnded = changed == null;
            isSaved = false;
        }
    }

    /** The sagas of one segment that were used last, and all that are not saved. Nobody else changes them meanwhile. */
    private final class AtHand implements SegmentMemory.Content {

        /** Those used longest ago first. */
        private final LinkedHashMap<String, Kept> byId = new LinkedHashMap<>(16, 0.75f, true);
        private final Map<String, Kept> bySaga = new HashMap<>();
        private final Map<String, Kept> unsaved = new LinkedHashMap<>();
        private @Nullable Long savedUpTo;

        /** With the first that is looked for, those of all the batch's events are read at once. */
        Kept about(Class<?> sagaType, AssociationValue association) {
            String id = id(sagaType, association);
            Kept known = byId.get(id);
            if (known == null) {
                Set<String> wanted = unknownInBatch(sagaType, association.getKey());
                if (!wanted.isEmpty() || !isNamedFirst(sagaType, CurrentUnitOfWork.isStarted() ? CurrentUnitOfWork.get().getMessage() : null)) {
                    wanted.add(id);
                    readAll(Filters.in("_id", wanted)).forEach(document -> put(new Kept(document)));
                    wanted.stream().filter(one -> !byId.containsKey(one)).forEach(one -> put(new Kept(one)));
                }
                known = byId.computeIfAbsent(id, Kept::new);
            }
            return known;
        }

        @Nullable Kept named(String saga) {
            Kept known = bySaga.get(saga);
            if (known == null) {
                readAll(Filters.and(Filters.eq("saga", saga), Filters.eq(ENDED, null))).forEach(document -> put(new Kept(document)));
                known = bySaga.get(saga);
            }
            return known == null || !known.isThere() ? null : known;
        }

        void put(Kept one) {
            byId.put(one.id, one);
            if (one.saga != null) {
                bySaga.put(one.saga, one);
            }
            if (!one.isSaved) {
                unsaved.put(one.id, one);
            }
            letGo();
        }

        /** Those used longest ago, but for what is not saved. */
        private void letGo() {
            Iterator<Kept> oldest = byId.values().iterator();
            for (int more = byId.size() - MOST_AT_HAND - unsaved.size(); more > 0 && oldest.hasNext(); more--) {
                Kept one = oldest.next();
                if (one.isSaved) {
                    oldest.remove();
                    bySaga.remove(one.saga, one);
                }
            }
        }

        /** @param state nothing if it has ended */
        void change(String id, String saga, AssociationValue about, @Nullable Object state) {
            Kept one = byId.get(id);
            if (one == null || one.saga == null) {
                one = Kept.stored(id, saga, about);
            }
            if (saga.equals(one.saga) && !one.hasEnded()) {
                one.become(state);
                put(one);
            }
        }

        private Set<String> unknownInBatch(Class<?> sagaType, String key) {
            Set<String> ids = new HashSet<>();
            if (CurrentUnitOfWork.isStarted() && CurrentUnitOfWork.get().root() instanceof BatchingUnitOfWork<?> batch) {
                batch.getMessages().stream().filter(event -> !isNamedFirst(sagaType, event))
                        .forEach(event -> value(event, key).map(value -> id(sagaType, new AssociationValue(key, value))).filter(id -> !byId.containsKey(id))
                                .ifPresent(ids::add));
            }
            return ids;
        }

        /** Whether that event is the first that names its thing, so that no saga about it can have been stored. */
        private boolean isNamedFirst(Class<?> sagaType, @Nullable Message<?> event) {
            return event instanceof TrackedEventMessage<?> tracked && tracked.trackingToken() instanceof GlobalSequenceTrackingToken token
                    && beginnings.computeIfAbsent(sagaType, BatchedSagaStore::beginnings).contains(event.getPayloadType())
                    && token.getGlobalIndex() > savedUpTo();
        }

        /** Not told where sagas of an older version are stored: then all are read. */
        private long savedUpTo() {
            if (savedUpTo == null) {
                List<Document> told = readAll(Filters.eq("_id", SAVED));
                boolean isNew = told.isEmpty() && Mono.from(sagas.find().first()).blockOptional(Databases.PATIENCE).isEmpty();
                savedUpTo = told.isEmpty() ? (isNew ? -1 : Long.MAX_VALUE) : told.get(0).getLong(POSITION);
            }
            return savedUpTo;
        }

        @Override
        public boolean isUnsaved() {
            return !unsaved.isEmpty();
        }

        @Override
        public Mono<Void> finish(long position) {
            List<WriteModel<Document>> writes = new ArrayList<>();
            // before all others: what is not told to be there would not be looked for
            writes.add(new UpdateOneModel<>(Filters.eq("_id", SAVED), Updates.max(POSITION, position), INSERT));
            List<Kept> saved = List.copyOf(unsaved.values());
            saved.forEach(one -> writes.addAll(writes(one, position)));
            return Mono.from(sagas.bulkWrite(writes, new BulkWriteOptions().ordered(true))).doOnSuccess(done -> saved.forEach(one -> {
                one.isSaved = true;
                one.isStored = true;
                unsaved.remove(one.id);
            })).then();
        }

        private List<WriteModel<Document>> writes(Kept one, long position) {
            if (one.hasEnded()) {
                return List.of(new UpdateOneModel<>(Filters.eq("_id", one.id), Updates.combine(Updates.set(ENDED, clock.instant()), Updates.unset(STATE)), INSERT));
            }
            SerializedObject<String> state = serializer.serialize(one.state(serializer), String.class);
            return one.isStored ? List.of(changed(one, state, position)) : List.of(made(one, state, position), madeBefore(one, state, position));
        }

        private WriteModel<Document> made(Kept one, SerializedObject<String> state, long position) {
            Document fields = new Document("saga", one.saga).append("key", one.about.getKey()).append("value", one.about.getValue());
            fields.putAll(said(state, position));
            return new UpdateOneModel<>(new Document("_id", one.id), Changes.setOnInsert(fields), INSERT);
        }

        /** A process that was away may have been in between with fewer events. */
        private WriteModel<Document> madeBefore(Kept one, SerializedObject<String> state, long position) {
            Document fields = new Document("saga", one.saga);
            fields.putAll(said(state, position));
            return new UpdateOneModel<>(new Document("_id", one.id).append(ENDED, null).append(POSITION, new Document("$lt", position)), Changes.set(fields));
        }

        private WriteModel<Document> changed(Kept one, SerializedObject<String> state, long position) {
            return new UpdateOneModel<>(
                    new Document("_id", one.id).append("saga", one.saga).append(ENDED, null).append(POSITION, new Document("$lte", position)),
                    Changes.set(said(state, position)));
        }

        private static Document said(SerializedObject<String> state, long position) {
            return new Document("type", state.getType().getName()).append("revision", state.getType().getRevision()).append(STATE, state.getData())
                    .append(POSITION, position);
        }
    }

    private static Optional<String> value(Message<?> event, String key) {
        try {
            return PROPERTIES.computeIfAbsent(key, EventProperty::new).of(event);
        } catch (SerializationException unreadable) {
            // it is looked at once more when it is its turn
            return Optional.empty();
        }
    }

    /** The events that begin sagas of that type. */
    private static Set<Class<?>> beginnings(Class<?> sagaType) {
        return Arrays.stream(sagaType.getDeclaredMethods()).filter(method -> method.isAnnotationPresent(StartSaga.class))
                .map(method -> method.getParameterTypes()[0]).collect(Collectors.toSet());
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
}
