package jangter.platform.mongo;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.bulk.BulkWriteResult;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;
import com.mongodb.reactivestreams.client.MongoCollection;
import com.mongodb.reactivestreams.client.MongoDatabase;
import jangter.platform.batch.Batch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * A collection of a read model: written by event handlers, a whole batch of events at a time, and read by anyone.
 *
 * <p>Its documents stand once in each edition of its processing group ({@link Edition}): who reads finds the current one, and what a
 * handler writes and reads is the one that its processor builds.
 *
 * <p>A batch of events may come again after a crash, so writes must bear repetition: set, add to a set, or guard what is counted by
 * what was counted last. Values may be the kernel's types.
 *
 * <p>A process that was paused while another took its place may still have a batch to write when it wakes, long after the other went on. So what is
 * {@linkplain #set set}, {@linkplain #setIf set on a condition}, {@linkplain #gather gathered} or {@linkplain #add added} must also bear
 * to come late; what a document is {@linkplain #advance advanced} to does. What cannot is {@linkplain #revise revised}: such a
 * document keeps the position of the events that made it, and an older batch leaves it alone. All its events must come in one sequence, since batches of
 * different sequences overtake each other.
 */
public final class View {

    private static final String POSITION = "_position";
    private static final String SLASH = "/";
    /** The letter after it. */
    private static final String AFTER_SLASH = "0";
    private static final UpdateOptions UPSERT = new UpdateOptions().upsert(true);
    private static final Duration WHOLE_VIEW = Duration.ofMinutes(1);
    private static final int COPIED_AT_ONCE = 1000;
    private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(50);
    private static final int LOOK_AGAIN_TIMES = 14;

    private final MongoDatabase database;
    private final String group;
    private final String name;
    private final Editions editions;
    private final UnwritableEvents unwritable;
    private final List<Bson> indexes = new CopyOnWriteArrayList<>();
    private final Map<Edition, MongoCollection<Document>> collections = new ConcurrentHashMap<>();

    View(MongoDatabase database, String group, String name, Editions editions, UnwritableEvents unwritable) {
        this.database = database;
        this.group = group;
        this.name = name;
        this.editions = editions;
        this.unwritable = unwritable;
    }

    /** Updates the document with that id, which is made if there is none. From event handlers only; done when the batch is. */
    public void set(Object id, Bson... updates) {
        write(new UpdateOneModel<>(byId(id), all(List.of(updates)), UPSERT));
    }

    /** Makes the document with that id, unless it is there. From event handlers only; done before all else that the batch writes to the view. */
    public void make(Object id, Map<String, ?> fields) {
        write(new InsertOneModel<>(Changes.document(id, fields)));
    }

    /** Updates the document with that id if it is there and matches. From event handlers only; done when the batch is. */
    public void setIf(Object id, Bson filter, Bson... updates) {
        write(new UpdateOneModel<>(Filters.and(byId(id), filter), all(List.of(updates))));
    }

    /**
     * Updates the document with that id by what there is to add to it as it stands, or to null if there is none. From event handlers only, and once
     * for each document in a batch; done when the batch is. All documents that a batch adds to are read at once.
     */
    public void add(Object id, Function<@Nullable Document, List<Bson>> additions) {
        note(id, true, (stored, position) -> Change.of(updates(id, additions.apply(stored))));
    }

    /**
     * Updates the document with that id, which is made if there is none, by all that is wanted of it when the batch is done. From event handlers
     * only, and once for each document in a batch.
     */
    public void gather(Object id, Supplier<List<Bson>> updates) {
        note(id, false, (unread, position) -> Change.of(updates(id, updates.get())));
    }

    private static List<WriteModel<Document>> updates(Object id, List<Bson> updates) {
        return updates.isEmpty() ? List.of() : List.of(new UpdateOneModel<>(byId(id), all(updates), UPSERT));
    }

    private static Bson all(List<Bson> updates) {
        return updates.size() == 1 ? updates.get(0) : Updates.combine(updates);
    }

    /**
     * Sets fields of the document with that id to what the revision makes of it as it stands, or of null if there is none. From event handlers
     * only, and once for each document in a batch; done when the batch is. All documents that a batch revises are read at once.
     */
    public void revise(Object id, Function<@Nullable Document, Map<String, ?>> revision) {
        note(id, true, (stored, position) -> {
            Map<String, ?> fields = revision.apply(stored);
            return fields.isEmpty() ? Change.NONE : inTurn(id, position, fields, stored != null);
        });
    }

    /**
     * Sets fields of the document with that id to what they are after an event, unless the document is as far already. It is made by its aggregate's first
     * event, and what another says of one that is not there is left out. From event handlers only; done when the batch is. What events with successive
     * numbers say in one batch is written at once.
     *
     * @param counter the field that tells how far the document is; to be set only so
     * @param number the event's number in its aggregate, whose events come in their order
     */
    public void advance(Object id, String counter, long number, Map<String, ?> fields) {
        note(id, false, new Advance(id, counter, number, number == 0 ? Making.FIRST : Making.NEVER, fields));
    }

    /** The same, made by whichever event comes first. */
    public void advanceOrMake(Object id, String counter, long number, Map<String, ?> fields) {
        note(id, false, new Advance(id, counter, number, number == 0 ? Making.FIRST : Making.OTHERWISE, fields));
    }

    /**
     * Makes the document, or changes the one that is there if that is of older events: two writes, of which the one that will hardly be needed comes second,
     * and only if the first did nothing.
     *
     * @param isThere whether the document will be there
     */
    private static Change inTurn(Object id, long position, Map<String, ?> fields, boolean isThere) {
        return position == Batch.NO_POSITION ? Change.of(List.of(new UpdateOneModel<>(byId(id), Changes.set(fields), UPSERT)))
                : unlessAsFar(id, POSITION, position, fields, isThere);
    }

    private static Change unlessAsFar(Object id, String counter, long number, Map<String, ?> fields, boolean isThere) {
        Map<String, Object> all = new LinkedHashMap<>(fields);
        all.put(counter, number);
        WriteModel<Document> change = new UpdateOneModel<>(byId(id).append(counter, new Document("$not", new Document("$gte", number))), Changes.set(all));
        WriteModel<Document> making = new InsertOneModel<>(Changes.document(id, all));
        return isThere ? new Change(List.of(change), List.of(making, change)) : new Change(List.of(making), List.of(change));
    }

    /**
     * What is to be written of a document.
     *
     * @param otherwise is written too if what is first did not make the document, since it is there, or matched nothing
     */
    private record Change(List<WriteModel<Document>> first, List<WriteModel<Document>> otherwise) {

        static final Change NONE = of(List.of());

        static Change of(List<WriteModel<Document>> writes) {
            return new Change(writes, List.of());
        }
    }

    private void note(Object id, boolean isRead, Revising revising) {
        MongoCollection<Document> collection = inUse();
        String event = admit(collection);
        note(collection, writes -> writes.revise(id.toString(), event, isRead, revising));
    }

    /** The document with that id, or nothing. */
    public Mono<Document> find(Object id) {
        return Mono.defer(() -> Mono.from(inUse().find(byId(id)).first())).timeout(Databases.PATIENCE).map(View::asShown);
    }

    /**
     * The document with that id, looked for again during 0.7 seconds if it is not there: a view gathers events for up to a fifth of a second
     * before it writes them, and who has just been told of a new thing may ask for it at once.
     */
    public Mono<Document> findSoon(Object id) {
        return find(id).switchIfEmpty(Mono.error(NotThereYet::new))
                .retryWhen(Retry.fixedDelay(LOOK_AGAIN_TIMES, LOOK_AGAIN_AFTER).filter(NotThereYet.class::isInstance)
                        .onRetryExhaustedThrow((spec, signal) -> signal.failure()))
                .onErrorResume(NotThereYet.class, notThere -> Mono.empty());
    }

    /** The documents with those ids, in no particular order. */
    public Flux<Document> findAll(Collection<?> ids) {
        return Flux.defer(() -> findAll(inUse(), ids));
    }

    /** The id of a document that is one of several under another id, such as a customer's: they are {@linkplain #findUnder found} together. */
    public static String under(Object id, Object part) {
        return id + SLASH + part;
    }

    /** What tells that document from the others under the same id. */
    public static String part(Object id, Document document) {
        return document.getString("_id").substring(id.toString().length() + SLASH.length());
    }

    /** All documents {@linkplain #under under} that id, which has no slash in it. */
    public Flux<Document> findUnder(Object id) {
        Document range = new Document("_id", new Document("$gte", id + SLASH).append("$lt", id + AFTER_SLASH));
        return Flux.defer(() -> Flux.from(inUse().find(range))).timeout(Databases.PATIENCE).map(View::asShown);
    }

    /**
     * The first matching documents in that order. On the embedded Mongo it costs a scan, for lists that are read seldom, unless an {@linkplain #index index} has
     * a first field of which the filter says which texts or moments are wanted.
     */
    public Flux<Document> find(Bson filter, Bson sort, int limit) {
        return Flux.defer(() -> Flux.from(inUse().find(filter).sort(sort).limit(limit)))
                .timeout(Databases.PATIENCE).map(View::asShown);
    }

    /** Of the matching documents, at most so many and in no particular order, only those fields. */
    public Flux<Document> findPart(Bson filter, int limit, String... fields) {
        return Flux.defer(() -> Flux.from(inUse().find(filter).limit(limit).projection(Projections.include(fields))))
                .timeout(Databases.PATIENCE);
    }

    /** Makes sure that there is such an index, in later editions too. Of many documents it is made beside what else is done. */
    public void index(Bson keys) {
        indexes.add(keys);
        index(inUse(), keys);
    }

    /** Empties the view at once. It waits. */
    public void clear() {
        Mono.from(inUse().deleteMany(Filters.empty())).block(WHOLE_VIEW);
    }

    String group() {
        return group;
    }

    String name() {
        return name;
    }

    /** The documents of one edition, whichever is current. */
    MongoCollection<Document> in(Edition edition) {
        return collections.computeIfAbsent(edition, each -> database.getCollection(each.mark(name), Document.class));
    }

    /** Makes an empty copy with its indexes. */
    void prepare(Edition edition) {
        Mono.from(in(edition).deleteMany(Filters.empty())).block(WHOLE_VIEW);
        indexes.forEach(keys -> index(in(edition), keys));
    }

    /** Writes what one edition says into another, which is empty. */
    void copy(Edition from, Edition to) {
        InIdOrder.documents(in(from)).buffer(COPIED_AT_ONCE)
                .concatMap(documents -> in(to).insertMany(documents), 1).blockLast();
    }

    /** Forgets an edition that nobody reads. */
    Mono<Void> drop(Edition edition) {
        return Mono.from(in(edition).drop()).doOnSuccess(dropped -> collections.remove(edition)).then();
    }

    private static void index(MongoCollection<Document> collection, Bson keys) {
        Indexing.make(collection.createIndex(keys), "An index of " + collection.getNamespace() + " by " + keys.toBsonDocument().keySet(), Databases.PATIENCE);
    }

    private static Flux<Document> findAll(MongoCollection<Document> collection, Collection<?> ids) {
        return ids.isEmpty() ? Flux.empty()
                : Flux.from(collection.find(Filters.in("_id", ids.stream().map(Object::toString).toList()))).timeout(Databases.PATIENCE)
                .map(View::asShown);
    }

    /** Without what says when it was written, which depends on the batches. */
    static Document asShown(Document document) {
        document.remove(POSITION);
        return document;
    }

    private static Document byId(Object id) {
        return new Document("_id", id.toString());
    }

    /** What a batch of events is handled for is what its handlers write and read; all others read the current edition. */
    private MongoCollection<Document> inUse() {
        return in(Edition.inHand().filter(edition -> edition.group().equals(group)).orElseGet(() -> editions.current(group)));
    }

    private void write(WriteModel<Document> model) {
        MongoCollection<Document> collection = inUse();
        String event = admit(collection);
        note(collection, writes -> writes.writes.add(new Write(event, model, List.of())));
    }

    /** The event that is being handled, unless it is known that what it wants cannot be written here: then it fails in its handler. */
    private @Nullable String admit(MongoCollection<Document> collection) {
        String event = Batch.currentEvent();
        if (event != null) {
            unwritable.refuse(collection.getNamespace(), name, event);
        }
        return event;
    }

    private void note(MongoCollection<Document> collection, Consumer<Writes> what) {
        Batch.current().note(collection.getNamespace(), Writes.class, () -> new Writes(collection), what);
    }

    /** @param otherwise is written too if the model did not make the document, since it is there, or matched nothing; nothing if it need not */
    private record Write(@Nullable String event, WriteModel<Document> model, List<WriteModel<Document>> otherwise) {

        boolean makes() {
            return model instanceof InsertOneModel<?>;
        }
    }

    private interface Revising {

        /** From the document, and the position of the batch, to what is to be written. */
        Change of(@Nullable Document stored, long position);

        /** What it comes to where the same batch wanted that before; nothing if both are to be done, one after the other. */
        default Optional<Revising> after(Revising earlier) {
            return Optional.of(this);
        }
    }

    /** Whether a document is made that an event is about. */
    private enum Making {
        /** It is hardly there yet. */
        FIRST,
        /** It is most likely there. */
        OTHERWISE,
        NEVER
    }

    /** @param fields those of several events, if the batch has several for the document */
    private record Advance(Object id, String counter, long number, Making making, Map<String, ?> fields) implements Revising {

        @Override
        public Change of(@Nullable Document unread, long position) {
            Change change = unlessAsFar(id, counter, number, fields, making != Making.FIRST);
            return making == Making.NEVER ? Change.of(change.first()) : change;
        }

        /** An old event that comes alone once more must not go with a new one, whose number would carry it past what came in between. */
        @Override
        public Optional<Revising> after(Revising earlier) {
            if (!(earlier instanceof Advance before)) {
                return Optional.of(this);
            }
            if (number != before.number + 1) {
                return Optional.empty();
            }
            Map<String, Object> all = new LinkedHashMap<>(before.fields);
            all.putAll(fields);
            return Optional.of(new Advance(id, counter, number, before.making, all));
        }
    }

    /**
     * What is to become of a document.
     *
     * @param isRead whether it depends on how the document stands
     */
    private record Revision(@Nullable String event, boolean isRead, Revising revising) {
    }

    /** All that one batch of events writes to one collection, in order; what it revises comes last. */
    private final class Writes implements Batch.Part {

        private final MongoCollection<Document> collection;
        private final List<Write> writes = new ArrayList<>();
        private final Map<String, List<Revision>> revisions = new LinkedHashMap<>();
        private final Map<String, Document> found = new ConcurrentHashMap<>();

        Writes(MongoCollection<Document> collection) {
            this.collection = collection;
        }

        void revise(String id, @Nullable String event, boolean isRead, Revising revising) {
            List<Revision> earlier = revisions.computeIfAbsent(id, first -> new ArrayList<>(1));
            if (earlier.isEmpty()) {
                earlier.add(new Revision(event, isRead, revising));
                return;
            }
            int last = earlier.size() - 1;
            revising.after(earlier.get(last).revising()).ifPresentOrElse(both -> earlier.set(last, new Revision(event, isRead, both)),
                    () -> earlier.add(new Revision(event, isRead, revising)));
        }

        @Override
        public Mono<Void> prepare() {
            List<String> read = revisions.entrySet().stream().filter(all -> all.getValue().stream().anyMatch(Revision::isRead)).map(Map.Entry::getKey).toList();
            return findAll(collection, read).doOnNext(document -> found.put(document.getString("_id"), document)).then();
        }

        @Override
        public Mono<Void> finish(long position) {
            revise(position);
            return write();
        }

        private void revise(long position) {
            revisions.forEach((id, all) -> all.forEach(revision -> {
                try {
                    Change change = revision.revising().of(found.get(id), position);
                    change.first().forEach(model -> writes.add(new Write(revision.event(), model, change.otherwise())));
                } catch (RuntimeException fault) {
                    remember(revision.event(), fault);
                    throw fault;
                }
            }));
        }

        private Mono<Void> write() {
            return writeAll().onErrorResume(UnwritableEvents::isTheWritesFault, failure -> writeOneByOne());
        }

        private Mono<Void> writeAll() {
            Map<Boolean, List<Write>> byMaking = writes.stream().collect(Collectors.partitioningBy(Write::makes));
            Map<Boolean, List<Write>> byDoubt = byMaking.get(false).stream().collect(Collectors.partitioningBy(write -> !write.otherwise().isEmpty()));
            return make(byMaking.get(true)).then(bulk(models(byDoubt.get(false)))).then(writeDoubtful(byDoubt.get(true)));
        }

        /** Of those that are there already it is told which. */
        private Mono<Void> make(List<Write> some) {
            return insert(models(some)).flatMap(there -> write(there.stream().flatMap(index -> some.get(index).otherwise().stream()).toList()));
        }

        /** Which of the documents were there already. */
        private Mono<List<Integer>> insert(List<WriteModel<Document>> models) {
            return models.isEmpty() ? Mono.just(List.of())
                    : Mono.from(collection.bulkWrite(models, new BulkWriteOptions().ordered(false))).map(done -> List.<Integer>of())
                    .onErrorResume(MongoBulkWriteException.class, failure -> areAllThere(failure)
                            ? Mono.just(failure.getWriteErrors().stream().map(BulkWriteError::getIndex).toList()) : Mono.error(failure));
        }

        private Mono<Void> write(List<WriteModel<Document>> models) {
            Map<Boolean, List<WriteModel<Document>>> byMaking = models.stream().collect(Collectors.partitioningBy(InsertOneModel.class::isInstance));
            return insert(byMaking.get(true)).then(bulk(byMaking.get(false))).then();
        }

        private static boolean areAllThere(MongoBulkWriteException failure) {
            return failure.getWriteConcernError() == null
                    && failure.getWriteErrors().stream().allMatch(error -> error.getCategory() == ErrorCategory.DUPLICATE_KEY);
        }

        /** Of those that only change one it is told how many did, which is nearly always all. */
        private Mono<Void> writeDoubtful(List<Write> some) {
            return bulk(models(some)).filter(done -> done.getMatchedCount() < some.size())
                    .flatMap(few -> write(some.stream().flatMap(write -> write.otherwise().stream()).toList()));
        }

        private static List<WriteModel<Document>> models(List<Write> some) {
            return some.stream().<WriteModel<Document>>map(Write::model).toList();
        }

        private Mono<BulkWriteResult> bulk(List<WriteModel<Document>> models) {
            return models.isEmpty() ? Mono.empty() : Mono.from(collection.bulkWrite(models, new BulkWriteOptions().ordered(true)));
        }

        /**
         * Finds which events are at fault. They fail the batch once more; when it comes again, they fail in their handlers, and the
         * others are done without them.
         */
        private Mono<Void> writeOneByOne() {
            return Flux.fromIterable(writes).concatMapDelayError(one -> (one.makes() ? make(List.of(one)) : bulk(List.of(one.model())).then(write(one.otherwise())))
                    .doOnError(UnwritableEvents::isTheWritesFault, fault -> remember(one.event(), fault))).then();
        }

        private void remember(@Nullable String event, Throwable fault) {
            if (event != null) {
                unwritable.remember(collection.getNamespace(), event, fault);
            }
        }
    }

    private static final class NotThereYet extends RuntimeException {
        NotThereYet() {
            super(null, null, false, false);
        }
    }
}
