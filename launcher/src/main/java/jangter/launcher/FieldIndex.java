package jangter.launcher;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.bson.ObjectId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/**
 * Where documents are by what some of their fields say, so that who asks for few of many has only those looked at. The library has no index but unique ones.
 *
 * <p>An entry is one text: what each field says, in a form that sorts as MongoDB sorts it, and the id. Fields say texts and moments. A document whose first
 * field says anything else, or nothing, has no entry: who asks for a text or a moment there does not mean it, and who asks for anything else has all documents
 * looked at. So has everybody while there is an odd document: with a list in one of the fields, which says several things, or an id that is neither a text nor
 * one that the driver made.
 */
final class FieldIndex extends Index<Object> {

    private static final String ID = "_id";
    /** Comes before whatever may follow, and is itself written as two others. */
    private static final String END = "\0";
    /** What a field says that says neither a text nor a moment. */
    private static final String OTHER = "o";
    /** Comes after whatever may follow. */
    private static final String BEHIND_ALL = "\uffff";
    private static final Set<String> BELOW = Set.of("$gt", "$gte");
    private static final Set<String> ABOVE = Set.of("$lt", "$lte");

    private final MVMap<String, Object> entries;
    private final List<String> fields;
    private final AskedFields asked;

    FieldIndex(MVMap<String, Object> entries, String name, List<IndexKey> keys) {
        // as the library calls one that need not have every document
        super(name, keys, true);
        this.entries = entries;
        this.fields = keys.stream().map(IndexKey::getKey).filter(key -> !key.equals(ID)).toList();
        this.asked = AskedFields.named(fields);
    }

    /** Whether such an index can be kept: of fields at the top of a document. */
    static boolean canBeOf(List<IndexKey> keys) {
        List<String> fields = keys.stream().map(IndexKey::getKey).toList();
        return !fields.get(0).equals(ID) && fields.stream().noneMatch(field -> field.indexOf('.') >= 0);
    }

    // --- kept

    /** A document came to be, or was changed. */
    void change(Object id, byte @Nullable [] before, byte[] after) {
        move(id, before == null ? null : entry(id, asked.in(before)), entry(id, asked.in(after)));
    }

    /** Whether its entries say that field. */
    boolean isOf(String field) {
        return fields.contains(field);
    }

    private void move(Object id, @Nullable String before, @Nullable String after) {
        if (before != null && !before.equals(after)) {
            entries.remove(before);
        }
        if (after != null && !after.equals(before)) {
            entries.put(after, id);
        }
    }

    private @Nullable String entry(Object id, Document document) {
        StringBuilder entry = new StringBuilder();
        String last = id instanceof String ? "t" + id : "u" + id;
        if (!(id instanceof String || id instanceof ObjectId) || fields.stream().map(document::get).anyMatch(Collection.class::isInstance)) {
            return BEHIND_ALL + last;
        }
        for (String field : fields) {
            String said = said(document.get(field));
            if (said == null && entry.isEmpty()) {
                return null;
            }
            entry.append(said == null ? OTHER : said);
        }
        return entry.append(last).toString();
    }

    /** Nothing of what is neither a text nor a moment. */
    private static @Nullable String said(@Nullable Object value) {
        if (value instanceof String text) {
            return "t" + text.replace(END, "\0\1") + END + END;
        }
        return value instanceof Instant moment ? "m" + HexFormat.of().toHexDigits(moment.toEpochMilli() ^ Long.MIN_VALUE) : null;
    }

    @Override
    public void add(Document document, Object position, MongoCollection<Object> collection) {
        move(position, null, entry(position, document));
    }

    @Override
    public @Nullable Object remove(Document document) {
        move(document.get(ID), entry(document.get(ID), document), null);
        return null;
    }

    @Override
    public void updateInPlace(Document before, Document after, Object position, MongoCollection<Object> collection) {
        move(position, entry(position, before), entry(position, after));
    }

    // --- asked

    /** Those entries between two, neither of which need be one. */
    private record Range(String from, String to) {
    }

    @Override
    public boolean canHandle(Document query) {
        return ranges(query).isPresent() && !hasOddDocument();
    }

    private boolean hasOddDocument() {
        String last = entries.lastKey();
        return last != null && last.startsWith(BEHIND_ALL);
    }

    @Override
    public Iterable<Object> getPositions(Document query) {
        List<Range> ranges = ranges(query).orElseThrow();
        // of several streams in one, each is read to its end before the first of it is handed out
        return () -> ranges.size() == 1 ? in(ranges.get(0)).iterator() : ranges.stream().flatMap(this::in).iterator();
    }

    private Stream<Object> in(Range range) {
        Cursor<String, Object> cursor = entries.cursor(range.from());
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(cursor, Spliterator.ORDERED), false)
                .takeWhile(entry -> entry.compareTo(range.to()) < 0).map(entry -> cursor.getValue());
    }

    /** Whether those that are found for that query come in that order. */
    boolean isInOrder(Document query, @Nullable Document order) {
        if (order == null || order.isEmpty() || ranges(query).filter(ranges -> ranges.size() == 1).isEmpty()) {
            return false;
        }
        List<String> all = new ArrayList<>(fields);
        all.add(ID);
        List<String> asked = List.copyOf(order.keySet());
        int said = all.size() - asked.size();
        // what is asked of a field leaves one type, and values of one type are in order
        return said >= 0 && all.subList(said, all.size()).equals(asked) && order.values().stream().allMatch(FieldIndex::isAscending)
                && all.subList(0, said).stream().allMatch(field -> values(query, field).isPresent())
                && fields.subList(Math.min(said, fields.size()), fields.size()).stream().allMatch(field -> isBounded(query, field));
    }

    private static boolean isAscending(Object direction) {
        return direction instanceof Number number && number.intValue() == 1;
    }

    /** Nothing if the query does not say which of the first field are meant. */
    private Optional<List<Range>> ranges(Document query) {
        List<String> before = List.of("");
        for (String field : fields) {
            Optional<List<String>> values = values(query, field);
            if (values.isEmpty()) {
                return between(before, query, field);
            }
            before = before.stream().flatMap(first -> values.get().stream().map(first::concat)).toList();
        }
        return Optional.of(before.stream().map(all -> new Range(all, all + BEHIND_ALL)).toList());
    }

    /** If the query says which values a field may have. */
    private static Optional<List<String>> values(Document query, String field) {
        return asked(query, field).map(FieldIndex::values).flatMap(Optional::stream).findFirst();
    }

    private static Optional<List<String>> values(@Nullable Object condition) {
        if (condition instanceof Document operators) {
            return operators.containsKey("$eq") ? values(operators.get("$eq"))
                    : operators.get("$in") instanceof Collection<?> some && some.stream().allMatch(value -> said(value) != null)
                    ? Optional.of(some.stream().map(FieldIndex::said).distinct().sorted().toList()) : Optional.empty();
        }
        return Optional.ofNullable(said(condition)).map(List::of);
    }

    /** The field that is not said itself may be bounded. */
    private static Optional<List<Range>> between(List<String> before, Document query, String field) {
        String from = bound(query, field, BELOW);
        String to = bound(query, field, ABOVE);
        if (before.equals(List.of("")) && from == null && to == null) {
            return Optional.empty();
        }
        // nothing of another type is meant
        String type = from != null ? from.substring(0, 1) : to != null ? to.substring(0, 1) : "";
        return Optional.of(before.stream().map(first -> new Range(first + (from == null ? type : from),
                first + (to == null ? type + BEHIND_ALL : to + BEHIND_ALL))).toList());
    }

    private static boolean isBounded(Document query, String field) {
        return bound(query, field, BELOW) != null || bound(query, field, ABOVE) != null;
    }

    private static @Nullable String bound(Document query, String field, Set<String> operators) {
        return asked(query, field).filter(Document.class::isInstance).map(Document.class::cast).flatMap(condition -> condition.entrySet().stream())
                .filter(operator -> operators.contains(operator.getKey())).map(operator -> said(operator.getValue())).filter(said -> said != null)
                .findFirst().orElse(null);
    }

    /** All that must hold of a field whatever else is asked. */
    private static Stream<Object> asked(Document query, String field) {
        return query.entrySet().stream().flatMap(asked -> conditions(asked, field));
    }

    private static Stream<Object> conditions(Map.Entry<String, Object> asked, String field) {
        if (asked.getKey().equals("$and") && asked.getValue() instanceof Collection<?> parts) {
            return parts.stream().flatMap(part -> part instanceof Document query ? asked(query, field) : Stream.empty());
        }
        return asked.getKey().equals(field) ? Stream.ofNullable(asked.getValue()) : Stream.empty();
    }

    // --- what an index is asked for besides

    @Override
    public @Nullable Object getPosition(Document document) {
        return null;
    }

    @Override
    public void checkAdd(Document document, MongoCollection<Object> collection) {
        // nothing is unique
    }

    @Override
    public void checkUpdate(Document before, Document after, MongoCollection<Object> collection) {
        // nothing is unique
    }

    @Override
    public long getCount() {
        return entries.sizeAsLong();
    }

    @Override
    public long getDataSize() {
        return getCount();
    }

    @Override
    public void drop() {
        entries.clear();
    }
}
