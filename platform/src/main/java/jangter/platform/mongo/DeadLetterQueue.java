package jangter.platform.mongo;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.extensions.mongo.DefaultMongoTemplate;
import org.axonframework.extensions.mongo.eventhandling.deadletter.DeadLetterEntry;
import org.axonframework.extensions.mongo.eventhandling.deadletter.DeadLetterEventEntry;
import org.axonframework.extensions.mongo.eventhandling.deadletter.MongoSequencedDeadLetterQueue;
import org.axonframework.extensions.mongo.eventsourcing.eventstore.documentperevent.EventEntryConfiguration;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.deadletter.DeadLetter;
import org.axonframework.messaging.deadletter.EnqueueDecision;
import org.axonframework.messaging.deadletter.SequencedDeadLetterQueue;
import org.axonframework.serialization.Serializer;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * What a processor could not handle, set aside in its service's database: the event that failed, and behind it all later ones of its
 * sequence, so that they can be handled in their order once it is mended.
 *
 * <p>A batch of events may come again after a crash. So what comes from before a sequence's first letter is handled as usual, as it was
 * the first time, and what is in the queue already is not added again.
 */
public final class DeadLetterQueue implements SequencedDeadLetterQueue<EventMessage<?>> {

    /** How often a letter was tried, in its diagnostics. */
    public static final String TRIES = "tries";

    /** A view that fails on that many sequences is broken as a whole: it stops, and says so. */
    private static final int MOST_SEQUENCES = 1024;
    /** Many, since a sequence that all customers write to, such as a product's, must not stop the others. */
    private static final int MOST_LETTERS = 100_000;
    private static final String LETTERS = "deadletters";

    private final MongoDatabase database;
    private final MongoCollection<Document> letters;
    private final Map<Edition, SequencedDeadLetterQueue<EventMessage<?>>> queues = new ConcurrentHashMap<>();
    private final String processor;
    private final Serializer serializer;
    private final Function<String, Edition> current;

    /**
     * @param processor whose name begins with its service's
     * @param current which edition of a group's views is read
     */
    public DeadLetterQueue(MongoClient client, String processor, Serializer serializer, Function<String, Edition> current) {
        this.database = client.getDatabase(Databases.databaseName(processor.substring(0, processor.indexOf('-'))));
        this.letters = database.getCollection(LETTERS);
        this.processor = processor;
        this.serializer = serializer;
        this.current = current;
    }

    /**
     * A sequence that stands still: its first letter, which has to be mended before the others can follow.
     *
     * @param letters how many of its events are in the queue
     * @param position the first one's place in the event store
     * @param since when it was put aside
     * @param tries how often it was handled in vain
     */
    public record Sequence(String processor, String sequence, int letters, String eventType, String eventId, long position, @Nullable String cause,
            Instant since, Instant lastTried, int tries) {

        private Sequence oneMore() {
            return new Sequence(processor, sequence, letters + 1, eventType, eventId, position, cause, since, lastTried, tries);
        }
    }

    /** All sequences that stand still, even if their events cannot be read. */
    public List<Sequence> sequences() {
        Map<String, Sequence> found = new LinkedHashMap<>();
        for (Document letter : letters.find(Filters.eq("processingGroup", inUse().name())).sort(Sorts.ascending("sequenceIdentifier", "index"))) {
            found.compute(letter.getString("sequenceIdentifier"), (sequence, first) -> first == null ? describe(letter) : first.oneMore());
        }
        return new ArrayList<>(found.values());
    }

    /** Drops a sequence's letters for good; its later events are handled again. */
    public boolean drop(String sequence) {
        return letters.deleteMany(of(sequence)).getDeletedCount() > 0;
    }

    @Override
    public boolean enqueueIfPresent(Object sequence, Supplier<DeadLetter<? extends EventMessage<?>>> letter) {
        Long first = position(sequence, Sorts.ascending("index"));
        Long last = position(sequence, Sorts.descending("index"));
        if (first == null || last == null) {
            return false;
        }
        DeadLetter<? extends EventMessage<?>> made = letter.get();
        long position = made.message() instanceof TrackedEventMessage<?> tracked ? position(tracked.trackingToken()) : Long.MAX_VALUE;
        if (position < first) {
            return false;
        }
        if (position > last) {
            enqueue(sequence, made);
        }
        return true;
    }

    @Override
    public void enqueue(Object sequence, DeadLetter<? extends EventMessage<?>> letter) {
        queue().enqueue(sequence.toString(), letter);
    }

    @Override
    public void evict(DeadLetter<? extends EventMessage<?>> letter) {
        queue().evict(letter);
    }

    @Override
    public void requeue(DeadLetter<? extends EventMessage<?>> letter, UnaryOperator<DeadLetter<? extends EventMessage<?>>> update) {
        queue().requeue(letter, update);
    }

    @Override
    public boolean contains(Object sequence) {
        return queue().contains(sequence.toString());
    }

    @Override
    public Iterable<DeadLetter<? extends EventMessage<?>>> deadLetterSequence(Object sequence) {
        return queue().deadLetterSequence(sequence.toString());
    }

    @Override
    public Iterable<Iterable<DeadLetter<? extends EventMessage<?>>>> deadLetters() {
        return queue().deadLetters();
    }

    @Override
    public boolean isFull(Object sequence) {
        return queue().isFull(sequence.toString());
    }

    @Override
    public long size() {
        return queue().size();
    }

    @Override
    public long sequenceSize(Object sequence) {
        return queue().sequenceSize(sequence.toString());
    }

    @Override
    public long amountOfSequences() {
        return queue().amountOfSequences();
    }

    @Override
    public boolean process(Predicate<DeadLetter<? extends EventMessage<?>>> filter,
            Function<DeadLetter<? extends EventMessage<?>>, EnqueueDecision<EventMessage<?>>> task) {
        return queue().process(filter, task);
    }

    @Override
    public void clear() {
        queue().clear();
    }

    /** How many events an edition has set aside. */
    public long size(Edition edition) {
        return letters.countDocuments(Filters.eq("processingGroup", edition.name()));
    }

    /**
     * Takes over into an empty edition what another one cannot digest from before that position. Later events come again, and those of such
     * a sequence that are in the queue already are not added twice.
     */
    public void copy(Edition from, Edition to, long position) {
        Map<String, Long> firsts = new HashMap<>();
        letters.deleteMany(Filters.eq("processingGroup", to.name()));
        for (Document letter : letters.find(Filters.eq("processingGroup", from.name())).sort(Sorts.ascending("sequenceIdentifier", "index"))) {
            if (firsts.computeIfAbsent(letter.getString("sequenceIdentifier"), first -> position(letter)) < position) {
                letter.remove("_id");
                letters.insertOne(letter.append("processingGroup", to.name()));
            }
        }
    }

    /** What a batch of events is handled for is what it sets aside for; all others see the current edition's. */
    private Edition inUse() {
        return Edition.inHand().filter(edition -> edition.group().equals(processor)).orElseGet(() -> current.apply(processor));
    }

    private SequencedDeadLetterQueue<EventMessage<?>> queue() {
        return queues.computeIfAbsent(inUse(), edition -> MongoSequencedDeadLetterQueue.<EventMessage<?>>builder()
                .processingGroup(edition.name()).serializer(serializer)
                .mongoTemplate(DefaultMongoTemplate.builder().mongoDatabase(database).deadLetterCollectionName(LETTERS).build())
                .maxSequences(MOST_SEQUENCES).maxSequenceSize(MOST_LETTERS).build());
    }

    private Bson of(Object sequence) {
        return Filters.and(Filters.eq("processingGroup", inUse().name()), Filters.eq("sequenceIdentifier", sequence.toString()));
    }

    private @Nullable Long position(Object sequence, Bson order) {
        Document letter = letters.find(of(sequence)).sort(order).first();
        return letter == null ? null : position(letter);
    }

    private long position(Document letter) {
        return position(new DeadLetterEntry(letter).getMessage(EventEntryConfiguration.getDefault()));
    }

    private long position(DeadLetterEventEntry event) {
        return event.getTrackingToken() == null ? 0 : position(serializer.<byte[], TrackingToken>deserialize(event.getTrackingToken()));
    }

    private static long position(TrackingToken token) {
        return token.position().orElseThrow(() -> new EventStoreException("A place in the event store that has no number: " + token));
    }

    private Sequence describe(Document document) {
        DeadLetterEntry letter = new DeadLetterEntry(document);
        DeadLetterEventEntry event = letter.getMessage(EventEntryConfiguration.getDefault());
        MetaData diagnostics = serializer.deserialize(letter.getDiagnostics());
        return new Sequence(processor, letter.getSequenceIdentifier(), 1, event.getPayload().getType().getName(), event.getEventIdentifier(),
                position(event), letter.getCauseType() == null ? null : letter.getCauseType() + ": " + letter.getCauseMessage(),
                letter.getEnqueuedAt(), letter.getLastTouched(), diagnostics.get(TRIES) instanceof Number tries ? tries.intValue() : 0);
    }
}
