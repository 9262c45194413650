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

    View(MongoCollection<Document> collection) {
        this.collection = collection;
    }

    /** Updates the document with that id, which is made if there is none. From event handlers only; done when the batch is. */
    public void set(Object id, Bson... updates) {
        writes().add(new UpdateOneModel<>(byId(id), Updates.combine(updates), UPSERT));
    }

    /** Updates the document with that id if it is there and matches. From event handlers only; done when the batch is. */
    public void setIf(Object id, Bson filter, Bson... updates) {
        writes().add(new UpdateOneModel<>(Filters.and(byId(id), filter), Updates.combine(updates)));
    }

    /**
     * Updates the document with that id by what the revision makes of it as it stands, or of null if there is none. From event handlers
     * only, and once for each document in a batch; done when the batch is. All documents that a batch revises are read at once.
     */
    public void revise(Object id, Function<@Nullable Document, List<Bson>> revision) {
        batch().revisions.put(id.toString(), revision);
    }

    /** Removes the document with that id. From event handlers only; done when the batch is. */
    public void remove(Object id) {
        writes().add(new DeleteOneModel<>(byId(id)));
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

    private List<WriteModel<Document>> writes() {
        return batch().models;
    }

    private Writes batch() {
        return Batch.current().part(collection.getNamespace(), Writes.class, Writes::new);
    }

    /** All that one batch of events writes to one collection, in order; what it revises comes last. */
    private final class Writes implements Batch.Part {

        private final List<WriteModel<Document>> models = new ArrayList<>();
        private final Map<String, Function<@Nullable Document, List<Bson>>> revisions = new LinkedHashMap<>();

        @Override
        public Mono<Void> finish() {
            return findAll(revisions.keySet()).collectMap(document -> document.getString("_id")).doOnNext(this::revise).then(Mono.defer(this::write));
        }

        private void revise(Map<String, Document> found) {
            revisions.forEach((id, revision) -> {
                List<Bson> updates = revision.apply(found.get(id));
                if (!updates.isEmpty()) {
                    models.add(new UpdateOneModel<>(byId(id), Updates.combine(updates), UPSERT));
                }
            });
        }

        private Mono<Void> write() {
            return models.isEmpty() ? Mono.empty() : Mono.from(collection.bulkWrite(models, new BulkWriteOptions().ordered(true))).then();
        }
    }

    private static final class NotThereYet extends RuntimeException {
        NotThereYet() {
            super(null, null, false, false);
        }
    }
}
