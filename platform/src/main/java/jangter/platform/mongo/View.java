package jangter.platform.mongo;

import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.DeleteOneModel;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;
import com.mongodb.reactivestreams.client.MongoCollection;
import jangter.platform.batch.Batch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * A collection of a read model: written by event handlers, a whole batch of events at a time, and read by anyone.
 *
 * <p>A batch of events may come again after a crash, so writes must bear repetition: set, add to a set, or guard what is counted by
 * what was counted last. Values may be the kernel's types.
 */
public final class View {

    private static final UpdateOptions UPSERT = new UpdateOptions().upsert(true);
    private static final Duration CLEARING = Duration.ofMinutes(1);
    private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(50);
    private static final int LOOK_AGAIN_TIMES = 10;

    private final MongoCollection<Document> collection;
    private final UnwritableEvents unwritable;

    View(MongoCollection<Document> collection, UnwritableEvents unwritable) {
        this.collection = collection;
        this.unwritable = unwritable;
    }

    /** Updates the document with that id, which is made if there is none. From event handlers only; done when the batch is. */
    public void set(Object id, Bson... updates) {
        write(new UpdateOneModel<>(byId(id), Updates.combine(updates), UPSERT));
    }

    /** Updates the document with that id if it is there and matches. From event handlers only; done when the batch is. */
    public void setIf(Object id, Bson filter, Bson... updates) {
        write(new UpdateOneModel<>(Filters.and(byId(id), filter), Updates.combine(updates)));
    }

    /**
     * Updates the document with that id by what the revision makes of it as it stands, or of null if there is none. From event handlers
     * only, and once for each document in a batch; done when the batch is. All documents that a batch revises are read at once.
     */
    public void revise(Object id, Function<@Nullable Document, List<Bson>> revision) {
        String event = admit();
        note(writes -> writes.revisions.put(id.toString(), new Revision(event, revision)));
    }

    /** Removes the document with that id. From event handlers only; done when the batch is. */
    public void remove(Object id) {
        write(new DeleteOneModel<>(byId(id)));
    }

    /** The document with that id, or nothing. */
    public Mono<Document> find(Object id) {
        return Mono.from(collection.find(byId(id)).first()).timeout(Databases.PATIENCE);
    }

    /**
     * The document with that id, looked for again during half a second if it is not there: a view follows the events by some
     * milliseconds, and who has just been told of a new thing may ask for it at once.
     */
    public Mono<Document> findSoon(Object id) {
        return find(id).switchIfEmpty(Mono.error(NotThereYet::new))
                .retryWhen(Retry.fixedDelay(LOOK_AGAIN_TIMES, LOOK_AGAIN_AFTER).filter(NotThereYet.class::isInstance)
                        .onRetryExhaustedThrow((spec, signal) -> signal.failure()))
                .onErrorResume(NotThereYet.class, notThere -> Mono.empty());
    }

    /** The documents with those ids, in no particular order. */
    public Flux<Document> findAll(Collection<?> ids) {
        return ids.isEmpty() ? Flux.empty()
                : Flux.from(collection.find(Filters.in("_id", ids.stream().map(Object::toString).toList()))).timeout(Databases.PATIENCE);
    }

    /** The first matching documents in that order. Costs a scan on the embedded Mongo: for lists that are read seldom. */
    public Flux<Document> find(Bson filter, Bson sort, int limit) {
        return Flux.from(collection.find(filter).sort(sort).limit(limit)).timeout(Databases.PATIENCE);
    }

    /** Makes sure that there is such an index. */
    public void index(Bson keys) {
        Mono.from(collection.createIndex(keys)).block(Databases.PATIENCE);
    }

    /** Empties the view at once, before it is built anew. From reset handlers only: it waits. */
    public void clear() {
        Mono.from(collection.deleteMany(Filters.empty())).block(CLEARING);
    }

    private static Bson byId(Object id) {
        return Filters.eq("_id", id.toString());
    }

    private void write(WriteModel<Document> model) {
        String event = admit();
        note(writes -> writes.writes.add(new Write(event, model)));
    }

    /** The event that is being handled, unless it is known that what it wants cannot be written here: then it fails in its handler. */
    private @Nullable String admit() {
        String event = Batch.currentEvent();
        if (event != null) {
            unwritable.refuse(collection.getNamespace(), event);
        }
        return event;
    }

    private void note(Consumer<Writes> what) {
        Batch.current().note(collection.getNamespace(), Writes.class, Writes::new, what);
    }

    private record Write(@Nullable String event, WriteModel<Document> model) {
    }

    private record Revision(@Nullable String event, Function<@Nullable Document, List<Bson>> change) {
    }

    /** All that one batch of events writes to one collection, in order; what it revises comes last. */
    private final class Writes implements Batch.Part {

        private final List<Write> writes = new ArrayList<>();
        private final Map<String, Revision> revisions = new LinkedHashMap<>();

        @Override
        public Mono<Void> finish(long position) {
            return findAll(revisions.keySet()).collectMap(document -> document.getString("_id")).doOnNext(this::revise).then(Mono.defer(this::write));
        }

        private void revise(Map<String, Document> found) {
            revisions.forEach((id, revision) -> {
                List<Bson> updates;
                try {
                    updates = revision.change().apply(found.get(id));
                } catch (RuntimeException fault) {
                    remember(revision.event(), fault);
                    throw fault;
                }
                if (!updates.isEmpty()) {
                    writes.add(new Write(revision.event(), new UpdateOneModel<>(byId(id), Updates.combine(updates), UPSERT)));
                }
            });
        }

        private Mono<Void> write() {
            return writes.isEmpty() ? Mono.empty()
                    : write(writes).onErrorResume(UnwritableEvents::isTheWritesFault, failure -> writeOneByOne());
        }

        private Mono<Void> write(List<Write> some) {
            return Mono.from(collection.bulkWrite(some.stream().<WriteModel<Document>>map(Write::model).toList(), new BulkWriteOptions().ordered(true)))
                    .then();
        }

        /**
         * Finds which events are at fault. They fail the batch once more; when it comes again, they fail in their handlers, and the
         * others are done without them.
         */
        private Mono<Void> writeOneByOne() {
            return Flux.fromIterable(writes).concatMapDelayError(write -> write(List.of(write))
                    .doOnError(UnwritableEvents::isTheWritesFault, fault -> remember(write.event(), fault))).then();
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
