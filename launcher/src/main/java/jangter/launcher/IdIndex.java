package jangter.launcher;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.AbstractUniqueIndex;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.backend.ValueComparator;
import de.bwaldvogel.mongo.bson.BsonRegularExpression;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.DuplicateKeyError;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a collection's documents are by their ids: they are kept in the order of those, so that there is nothing to write down. (The library's
 * own index holds them a second time, and serializes two ids for each that it compares.)
 */
final class IdIndex extends AbstractUniqueIndex<Object> {

    private static final Pattern BEGINNING = Pattern.compile("\\^[0-9A-Za-z_-]+");

    private final MVMap<Object, ?> documents;

    IdIndex(MVMap<Object, ?> documents, String name, List<IndexKey> keys) {
        super(name, keys, false);
        this.documents = documents;
    }

    @Override
    public synchronized boolean canHandle(Document query) {
        return beginning(query).isPresent() || Between.of(query).isPresent() || super.canHandle(query);
    }

    @Override
    public synchronized Iterable<Object> getPositions(Document query) {
        return beginning(query).map(this::beginningWith).or(() -> Between.of(query).map(this::between)).orElseGet(() -> super.getPositions(query));
    }

    /** What the ids begin with that are asked for, if that is all that is asked: {@code {_id: /^order-7/}}. */
    private static Optional<String> beginning(Document query) {
        return query.size() == 1 && query.get("_id") instanceof BsonRegularExpression expression && (expression.getOptions() == null || expression.getOptions().isEmpty())
                && BEGINNING.matcher(expression.getPattern()).matches() ? Optional.of(expression.getPattern().substring(1)) : Optional.empty();
    }

    private Iterable<Object> beginningWith(String beginning) {
        return from(beginning, id -> id.startsWith(beginning));
    }

    /** Ids from one on to before another: {@code {_id: {$gte: "alice/", $lt: "alice0"}}}. */
    private record Between(String from, String to) {

        static Optional<Between> of(Document query) {
            return query.size() == 1 && query.get("_id") instanceof Document range && range.size() == 2 && range.get("$gte") instanceof String from
                    && range.get("$lt") instanceof String to ? Optional.of(new Between(from, to)) : Optional.empty();
        }
    }

    private Iterable<Object> between(Between range) {
        return from(range.from(), id -> id.compareTo(range.to()) < 0);
    }

    private Iterable<Object> from(String first, Predicate<String> isOne) {
        List<Object> ids = new ArrayList<>();
        for (Iterator<Object> from = documents.keyIterator(first); from.hasNext() && from.next() instanceof String id && isOne.test(id);) {
            ids.add(id);
        }
        return ids;
    }

    @Override
    public synchronized void checkAdd(Document document, MongoCollection<Object> collection) {
        // a text is looked for by the collection, where it puts it; of numbers two may be equal, and of a list of ids each part is one
        if (!(document.get("_id") instanceof String)) {
            super.checkAdd(document, collection);
        }
    }

    /** Of a document that has another one's id. */
    DuplicateKeyError isTaken(Object id, MongoCollection<Object> collection) {
        return new DuplicateKeyError(this, collection, getKeys(), new KeyValue(id));
    }

    @Override
    public void add(Document document, Object position, MongoCollection<Object> collection) {
        // the collection has it
    }

    @Override
    public void checkUpdate(Document before, Document after, MongoCollection<Object> collection) {
        // what would change an id was refused
    }

    @Override
    public void updateInPlace(Document before, Document after, Object position, MongoCollection<Object> collection) {
        // it is where it was
    }

    @Override
    public @Nullable Object getPosition(Document document) {
        return document.get("_id") instanceof String id ? position(id) : super.getPosition(document);
    }

    @Override
    protected @Nullable Object getPosition(KeyValue id) {
        return position(id.get(0));
    }

    /** Two numbers may be equal without being alike. */
    private @Nullable Object position(Object id) {
        if (id instanceof Number) {
            return documents.keySet().stream().filter(known -> ValueComparator.asc().compare(known, id) == 0).findFirst().orElse(null);
        }
        return id != null && documents.containsKey(id) ? id : null;
    }

    @Override
    protected @Nullable Object removeDocument(KeyValue id) {
        return getPosition(id);
    }

    @Override
    protected boolean putKeyPosition(KeyValue id, Object position) {
        return true;
    }

    @Override
    protected Iterable<Map.Entry<KeyValue, Object>> getIterable() {
        return documents.keySet().stream().map(id -> Map.entry(new KeyValue(id), id)).toList();
    }

    @Override
    public long getCount() {
        return documents.sizeAsLong();
    }

    @Override
    public long getDataSize() {
        return getCount();
    }

    @Override
    public boolean isEmpty() {
        return documents.isEmpty();
    }
}
