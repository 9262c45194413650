package jangter.platform.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.nin;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.pull;
import static com.mongodb.client.model.Updates.push;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.setOnInsert;
import static com.mongodb.client.model.Updates.unset;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoWriteException;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.reactivestreams.client.MongoCollection;
import jangter.platform.mongo.Rebuild.Difference;
import jangter.platform.mongo.Rebuild.State;
import jangter.platform.mongo.Rebuild.Wish;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Which edition of each group's views is current, and how the rebuild of the next one stands: one document a group in the service's
 * database. Every instance keeps what it read last, and reads it again twice a second ({@link EditionsWatch}).
 *
 * <p>The document is the switch: whoever changes it does so in one step, and only if it is still as was thought. Nothing hangs on how soon
 * others learn of it, since each edition has its own documents, tokens and dead letters: who still writes to the old one does no harm to
 * the new.
 *
 * <p>All but {@link #current} and {@link #rebuild} wait for the database.
 */
public final class Editions {

    /** The beat of a rebuild whose instance stopped in order: another may go on with it at once. */
    public static final long LEFT = -1;

    private static final FindOneAndUpdateOptions CHANGED = new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER);
    private static final UpdateOptions UPSERT = new UpdateOptions().upsert(true);
    private static final List<String> UNDER_WAY = State.UNDER_WAY.stream().map(State::name).toList();

    private final MongoCollection<Document> pointers;
    private volatile @Nullable Map<String, Document> known;

    Editions(MongoCollection<Document> pointers) {
        this.pointers = pointers;
    }

    /** The edition that is read. */
    public Edition current(String group) {
        return new Edition(group, pointer(group).getInteger("current", 0));
    }

    /** How the group's latest rebuild stands, if there was one. */
    public Optional<Rebuild> rebuild(String group) {
        return Optional.ofNullable(pointer(group).get("rebuild", Document.class)).map(Rebuild::of);
    }

    /** Looks how it is now. */
    public void refresh() {
        Map<String, Document> found = Flux.from(pointers.find()).collectMap(pointer -> pointer.getString("_id")).block(Databases.PATIENCE);
        known = new ConcurrentHashMap<>(found == null ? Map.of() : found);
    }

    /**
     * Begins to build the next edition.
     *
     * @return what is to be built, or nothing if there is one being built already
     */
    public Optional<Rebuild> begin(String group, @Nullable String from, Instant now) {
        Mono.from(pointers.updateOne(eq("_id", group), setOnInsert("newest", 0), UPSERT))
                .onErrorComplete(Editions::isThereAlready).block(Databases.PATIENCE);
        refresh();
        int next = pointer(group).getInteger("newest", 0) + 1;
        Bson asWasThought = and(eq("_id", group), eq("newest", next - 1), nin("rebuild.state", UNDER_WAY));
        return change(group, asWasThought, set("newest", next), set("rebuild", Rebuild.begun(next, from, now)));
    }

    /** Takes a rebuild over that nobody is at any more, unless another was quicker. */
    public Optional<Rebuild> takeOver(String group, Rebuild left) {
        return change(group, and(mine(group, left), eq("rebuild.beat", left.beat())), inc("rebuild.turn", 1), inc("rebuild.beat", 1L));
    }

    /** Leaves it to others. */
    public void leave(String group, Rebuild mine) {
        change(group, mine(group, mine), set("rebuild.beat", LEFT));
    }

    /** Tells that somebody is at it, and how far it is; nothing if it is not this one's any more. */
    public Optional<Rebuild> beat(String group, Rebuild mine, @Nullable Long position, @Nullable Long head, long perSecond,
            @Nullable Long secondsLeft, long deadLetters) {
        return change(group, mine(group, mine), inc("rebuild.beat", 1L), set("rebuild.position", position), set("rebuild.head", head),
                set("rebuild.perSecond", perSecond), set("rebuild.secondsLeft", secondsLeft), set("rebuild.deadLetters", deadLetters));
    }

    /** Its copy can be written to. */
    public Optional<Rebuild> prepared(String group, Rebuild mine) {
        return change(group, mine(group, mine), set("rebuild.prepared", true));
    }

    /** Both copies are being compared. */
    public Optional<Rebuild> comparing(String group, Rebuild mine) {
        return change(group, mine(group, mine), set("rebuild.state", State.COMPARING.name()));
    }

    /** They differ, and somebody has to decide. */
    public Optional<Rebuild> waiting(String group, Rebuild mine, List<Difference> first, long found) {
        return change(group, mine(group, mine), set("rebuild.state", State.WAITING.name()), set("rebuild.differencesFound", found),
                set("rebuild.differences", first.stream().map(Difference::toDocument).toList()));
    }

    /** Notes what an operator wants, for whoever is at it. */
    public Optional<Rebuild> wish(String group, Wish wish, Set<State> in) {
        return change(group, and(eq("_id", group), in("rebuild.state", in.stream().map(State::name).toList())), set("rebuild.wish", wish.name()));
    }

    /** From now on the new copy is the current one. */
    public Optional<Rebuild> switchOver(String group, Rebuild mine, Instant now) {
        Document old = new Document("edition", current(group).number()).append("until", Date.from(now));
        return change(group, mine(group, mine), set("current", mine.edition()), push("retired", old), set("rebuild.state", State.SWITCHED.name()),
                set("rebuild.secondsLeft", null), unset("rebuild.wish"));
    }

    /** The new copy will not be used. */
    public Optional<Rebuild> end(String group, Rebuild mine, State state, @Nullable String error) {
        return change(group, mine(group, mine), set("rebuild.state", state.name()), set("rebuild.error", error),
                set("rebuild.secondsLeft", null), unset("rebuild.wish"));
    }

    /** The groups that ever had more than one edition. */
    Collection<String> groups() {
        return Set.copyOf(pointers().keySet());
    }

    /** Which editions of a group may be dropped: none that is read, built, or was read by somebody who has not yet heard of its successor. */
    boolean isUnused(Edition edition, Instant readersHaveHeardBy) {
        Document pointer = pointer(edition.group());
        return edition.number() <= pointer.getInteger("newest", 0)
                && edition.number() != pointer.getInteger("current", 0)
                && rebuild(edition.group()).filter(rebuild -> rebuild.state().isUnderWay() && rebuild.edition() == edition.number()).isEmpty()
                && retired(pointer).noneMatch(retired -> retired.getInteger("edition") == edition.number()
                        && retired.getDate("until").toInstant().isAfter(readersHaveHeardBy));
    }

    /** Forgets those that are dropped. */
    Mono<Void> forgetRetired(String group, Instant readersHaveHeardBy) {
        return Mono.from(pointers.updateOne(eq("_id", group), pull("retired", Filters.lte("until", Date.from(readersHaveHeardBy))))).then();
    }

    private static Stream<Document> retired(Document pointer) {
        return pointer.getList("retired", Document.class, List.of()).stream();
    }

    private static Bson mine(String group, Rebuild mine) {
        return and(eq("_id", group), eq("rebuild.edition", mine.edition()), eq("rebuild.turn", mine.turn()), in("rebuild.state", UNDER_WAY));
    }

    private Optional<Rebuild> change(String group, Bson asWasThought, Bson... updates) {
        Document changed = Mono.from(pointers.findOneAndUpdate(asWasThought, combine(updates), CHANGED)).block(Databases.PATIENCE);
        if (changed == null) {
            return Optional.empty();
        }
        pointers().put(group, changed);
        return rebuild(group);
    }

    private static boolean isThereAlready(Throwable failure) {
        return failure instanceof MongoWriteException refused && refused.getError().getCategory() == ErrorCategory.DUPLICATE_KEY;
    }

    private Document pointer(String group) {
        return pointers().getOrDefault(group, new Document());
    }

    private Map<String, Document> pointers() {
        Map<String, Document> read = known;
        if (read == null) {
            refresh();
            read = known;
        }
        return read == null ? new ConcurrentHashMap<>() : read;
    }
}
