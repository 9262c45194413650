package jangter.launcher;

import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.AbstractSynchronizedMongoCollection;
import de.bwaldvogel.mongo.backend.ArrayFilters;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.DocumentWithPosition;
import de.bwaldvogel.mongo.backend.EmptyIndex;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.oplog.Oplog;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/**
 * A collection that keeps its documents as {@linkplain DocumentBytes bytes}, and finds them by their ids also where a request asks for more than that:
 * "this one, if it has not yet seen that event". Such requests guard nearly every write, and by itself the server reads the whole collection for each. A
 * {@linkplain PlainChange plain change} of one document is made here, without what it costs the server.
 */
final class FoundById extends AbstractSynchronizedMongoCollection<Object> {

    private static final String ID = "_id";

    private final MVMap<Object, byte[]> documents;

    FoundById(MongoDatabase database, String name, CollectionOptions options, MVMap<Object, byte[]> documents, CursorRegistry cursors) {
        super(database, name, options, cursors);
        this.documents = documents;
    }

    // --- where documents are

    @Override
    protected Object addDocumentInternal(Document document) {
        // the server's list of collections has other ids than theirs
        Object id = getIdField() == null ? UUID.randomUUID() : document.get(getIdField());
        if (documents.putIfAbsent(Missing.ofNullable(id), DocumentBytes.of(document)) != null) {
            throw isTaken(id);
        }
        return id;
    }

    private RuntimeException isTaken(Object id) {
        return getIndexes().stream().filter(IdIndex.class::isInstance).findFirst().<RuntimeException>map(index -> ((IdIndex) index).isTaken(id, this))
                .orElseGet(() -> new IllegalStateException("There was a document " + id + " in " + this));
    }

    private byte @Nullable [] put(Object position, byte[] document) {
        return documents.put(position, document);
    }

    @Override
    protected @Nullable Document getDocument(Object position) {
        byte[] found = documents.get(position);
        return found == null ? null : DocumentBytes.document(found);
    }

    @Override
    protected void handleUpdate(Object position, Document before, Document after) {
        put(Missing.ofNullable(position), DocumentBytes.of(after));
    }

    @Override
    protected void removeDocument(Object position) {
        if (documents.remove(position) == null) {
            throw new NoSuchElementException("There is no document " + position);
        }
    }

    @Override
    protected Stream<DocumentWithPosition<Object>> streamAllDocumentsWithPosition() {
        return documents.entrySet().stream().map(entry -> new DocumentWithPosition<>(DocumentBytes.document(entry.getValue()), entry.getKey()));
    }

    @Override
    public int count() {
        return documents.size();
    }

    @Override
    public boolean isEmpty() {
        return documents.isEmpty();
    }

    /** Nobody asks how large it is, and to know would cost two measurements and a write each time something changes. */
    @Override
    protected boolean tracksDataSize() {
        return false;
    }

    @Override
    protected void updateDataSize(int more) {
        throw new UnsupportedOperationException("It is not tracked");
    }

    @Override
    protected int getDataSize() {
        return documents.values().stream().mapToInt(document -> document.length).sum();
    }

    // --- found

    @Override
    protected QueryResult queryDocuments(Document query, Document orderBy, int skip, int limit, int batchSize, Document fields) {
        return ids(query).flatMap(this::positions)
                .map(positions -> matchDocuments(stillToAsk(query), positions, orderBy, skip, limit, batchSize, fields))
                // who asks for those in the index's own order has no more looked at than are asked for
                .or(() -> fieldIndexes().filter(index -> index.canHandle(query)).findFirst().map(index -> matchDocuments(query, index.getPositions(query),
                        index.isInOrder(query, orderBy) ? new Document() : orderBy, skip, limit, batchSize, fields)))
                .orElseGet(() -> super.queryDocuments(query, orderBy, skip, limit, batchSize, fields));
    }

    private Stream<FieldIndex> fieldIndexes() {
        return getIndexes().stream().filter(FieldIndex.class::isInstance).map(FieldIndex.class::cast);
    }

    /** Of a document that was found as one of many named, each of them would be compared with all of the many again. */
    private static Document stillToAsk(Document query) {
        if (!isOneOfTexts(query.get(ID))) {
            return query;
        }
        Document rest = query.clone();
        rest.remove(ID);
        return rest;
    }

    private static boolean isOneOfTexts(@Nullable Object id) {
        return id instanceof Document asked && asked.size() == 1 && asked.get("$in") instanceof Collection<?> ids
                && ids.stream().allMatch(String.class::isInstance);
    }

    /**
     * All are looked at, but only those that match are made from their bytes altogether. Who asks for them in the order of their ids, in which they are kept, has
     * no more looked at than are asked for, from the lowest id on.
     */
    @Override
    protected QueryResult matchDocuments(Document query, @Nullable Document orderBy, int skip, int limit, int batchSize, Document fields) {
        AskedFields asked = AskedFields.of(query);
        boolean isSorted = isById(orderBy) && areIdsTexts();
        Stream<byte[]> ordered = isSorted ? lowest(query).map(this::from).orElseGet(() -> documents.values().stream()) : inOrder(orderBy);
        Stream<Document> matching = ordered.filter(document -> documentMatchesQuery(asked.in(document), query)).map(DocumentBytes::document);
        return matchDocumentsFromStream(matching, new Document(), isSorted ? new Document() : orderBy, skip, limit, batchSize, fields);
    }

    private static boolean isById(@Nullable Document orderBy) {
        return orderBy != null && orderBy.size() == 1 && orderBy.get(ID) instanceof Number direction && direction.intValue() == 1;
    }

    /** Ids of one type lie side by side. */
    private boolean areIdsTexts() {
        return ID.equals(getIdField()) && documents.firstKey() instanceof String && documents.lastKey() instanceof String;
    }

    /** What no matching id lies before, if the query says so. */
    private static Optional<String> lowest(Document query) {
        return query.get(ID) instanceof Document range && range.get("$gt") instanceof String lowest ? Optional.of(lowest)
                : parts(query).map(FoundById::lowest).flatMap(Optional::stream).findFirst();
    }

    private Stream<byte[]> from(String lowest) {
        Cursor<Object, byte[]> cursor = documents.cursor(lowest);
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(cursor, Spliterator.ORDERED), false).map(id -> cursor.getValue());
    }

    private Stream<byte[]> inOrder(@Nullable Document orderBy) {
        return isNaturalDescending(orderBy) ? Stream.iterate(documents.lastKey(), position -> position != null, documents::lowerKey).map(documents::get)
                : documents.values().stream();
    }

    // --- changed

    @Override
    public synchronized Document updateDocuments(Document selector, Document change, ArrayFilters arrayFilters, boolean isMulti, boolean isUpsert, Oplog oplog) {
        return ids(selector).filter(ids -> ids.get(ID) instanceof String && isFoundByIdAlone())
                .flatMap(ids -> PlainChange.of(change).flatMap(plain -> make(plain, ids, selector, change, isUpsert, oplog)))
                .orElseGet(() -> super.updateDocuments(selector, change, arrayFilters, isMulti, isUpsert, oplog));
    }

    /** An index that keeps something unique needs to see documents. Of one that is of no kind of ours the library keeps but the name. */
    private boolean isFoundByIdAlone() {
        return getIndexes().stream().allMatch(index -> index instanceof IdIndex || index instanceof FieldIndex || index instanceof EmptyIndex);
    }

    /** Nothing where the server must say: it knows how to make a document of conditions. */
    private Optional<Document> make(PlainChange plain, Document ids, Document selector, Document change, boolean isUpsert, Oplog oplog) {
        boolean asksForMore = selector.size() > 1 || !selector.containsKey(ID);
        if (asksForMore && isUpsert) {
            return Optional.empty();
        }
        Object id = ids.get(ID);
        byte[] found = documents.get(id);
        if (found == null) {
            return isUpsert ? plain.of(DocumentBytes.of(ids), true).map(made -> insert(id, made, plain, oplog)) : Optional.of(changed(0, 0));
        }
        return asksForMore && !documentMatchesQuery(AskedFields.of(selector).in(found), selector) ? Optional.of(changed(0, 0))
                : plain.of(found, false).map(after -> replace(id, found, after, plain, selector, change, oplog));
    }

    private Document insert(Object id, byte[] made, PlainChange plain, Oplog oplog) {
        put(id, made);
        indexed(plain).forEach(index -> index.change(id, null, made));
        oplog.handleInsert(getFullName(), List.of(new Document(ID, id)));
        return changed(0, 0).append("upserted", id);
    }

    private Document replace(Object id, byte[] before, byte[] after, PlainChange plain, Document selector, Document change, Oplog oplog) {
        if (Arrays.equals(before, after)) {
            return changed(1, 0);
        }
        put(id, after);
        indexed(plain).forEach(index -> index.change(id, before, after));
        oplog.handleUpdate(getFullName(), selector, change, List.of(id));
        return changed(1, 1);
    }

    private Stream<FieldIndex> indexed(PlainChange plain) {
        return fieldIndexes().filter(index -> plain.fields().anyMatch(index::isOf));
    }

    private static Document changed(int matched, int modified) {
        return new Document("n", matched).append("nModified", modified);
    }

    /** What the query says of the id, if that must hold whatever else it says. */
    private static Optional<Document> ids(Document query) {
        Object id = query.get(ID);
        return id != null ? Optional.of(new Document(ID, id)) : parts(query).map(FoundById::ids).flatMap(Optional::stream).findFirst();
    }

    private static Stream<Document> parts(Document query) {
        return query.get("$and") instanceof List<?> parts ? parts.stream().map(Document.class::cast) : Stream.empty();
    }

    private Optional<Iterable<Object>> positions(Document ids) {
        return getIndexes().stream().filter(index -> index.canHandle(ids)).findFirst().map((Index<Object> index) -> index.getPositions(ids));
    }
}
