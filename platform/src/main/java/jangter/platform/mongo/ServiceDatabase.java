package jangter.platform.mongo;

import com.mongodb.client.model.Filters;
import com.mongodb.reactivestreams.client.MongoCollection;
import com.mongodb.reactivestreams.client.MongoDatabase;
import jangter.platform.http.Once;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.axonframework.serialization.Serializer;
import org.bson.Document;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/** One service's database. */
public final class ServiceDatabase {

    private static final Duration UNTIL_READERS_HAVE_HEARD = Duration.ofMinutes(1);

    private final MongoDatabase database;
    private final Clock clock;
    private final Once once;
    private final Editions editions;
    private final UnwritableEvents unwritable = new UnwritableEvents();
    private final Map<String, View> views = new ConcurrentHashMap<>();

    ServiceDatabase(MongoDatabase database, JsonMapper json, Clock clock) {
        this.database = database;
        this.clock = clock;
        this.once = new Once(database.getCollection("answers"), json, clock);
        this.editions = new Editions(database.getCollection("editions"));
    }

    /**
     * A view of that name.
     *
     * @param group the processing group whose handlers write it, and together with whose other views it is built anew
     */
    public View view(String group, String name) {
        View view = views.computeIfAbsent(name, first -> new View(database, group, name, editions, unwritable));
        if (!view.group().equals(group)) {
            throw new IllegalArgumentException("The view " + name + " is written by " + view.group() + ", so " + group + " must not write it");
        }
        return view;
    }

    /** Which editions of its views are current, and which are being built. */
    public Editions editions() {
        return editions;
    }

    /** Makes the views of that edition: empty. It waits. */
    public void prepare(Edition edition) {
        views(edition.group()).forEach(view -> view.prepare(edition));
    }

    /** Fills an empty edition's views with what another one's say. It waits. */
    public void copy(Edition from, Edition to) {
        views(from.group()).forEach(view -> view.copy(from, to));
    }

    /** What two editions of a group's views say differently. */
    public Comparison compare(Edition before, Edition after) {
        return new Comparison(views(before.group()), before, after);
    }

    /** Forgets all of an edition, which nobody uses. */
    public Mono<Void> drop(Edition edition) {
        // the embedded Mongo takes it for an error to drop what is not there
        return Flux.from(database.listCollectionNames()).collectList()
                .flatMapMany(names -> Flux.fromIterable(views(edition.group())).filter(view -> names.contains(edition.mark(view.name()))))
                .concatMap(view -> view.drop(edition))
                .then(Mono.from(database.getCollection("tokens").deleteMany(Filters.eq("processorName", edition.name()))))
                .then(Mono.from(database.getCollection("deadletters").deleteMany(Filters.eq("processingGroup", edition.name())))).then();
    }

    private List<View> views(String group) {
        return views.values().stream().filter(view -> view.group().equals(group)).sorted(Comparator.comparing(View::name)).toList();
    }

    /** Where the service keeps its sagas. */
    public SagaStore<Object> sagaStore(Serializer serializer) {
        return new BatchedSagaStore(sagas(), serializer, clock);
    }

    /** Forgets what was kept long enough. */
    Mono<Void> forgetOld() {
        return once.forgetOld().then(BatchedSagaStore.forgetOld(sagas(), clock)).then(dropUnused());
    }

    /** Drops the editions that nobody reads any more, also what somebody who had not heard of it wrote to one that was dropped before. */
    public Mono<Void> dropUnused() {
        Instant readersHaveHeardBy = clock.instant().minus(UNTIL_READERS_HAVE_HEARD);
        return Mono.fromRunnable(editions::refresh).subscribeOn(Schedulers.boundedElastic())
                .then(Mono.from(Flux.from(database.listCollectionNames()).collectList()))
                .flatMapMany(names -> Flux.fromStream(editions.groups().stream().flatMap(group -> kept(group, names))))
                .filter(edition -> editions.isUnused(edition, readersHaveHeardBy)).concatMap(this::drop)
                .thenMany(Flux.fromIterable(editions.groups())).concatMap(group -> editions.forgetRetired(group, readersHaveHeardBy)).then();
    }

    private Stream<Edition> kept(String group, List<String> collections) {
        return views(group).stream().flatMap(view -> collections.stream().flatMap(name -> Edition.ofCollection(group, view.name(), name).stream()))
                .distinct();
    }

    private MongoCollection<Document> sagas() {
        return database.getCollection("sagas");
    }

    /** The service's answers to requests that carry an idempotency key. */
    public Once once() {
        return once;
    }
}
