package jangter.launcher;

import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.ArrayFilters;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.h2.H2Collection;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.oplog.Oplog;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.h2.mvstore.MVMap;

/**
 * A collection that finds documents by their ids also where a request asks for more than that: "this one, if it has not yet seen that event".
 * Such requests guard nearly every write, and by itself the server reads the whole collection for each. And what it finds stays as it was found. A
 * {@linkplain PlainChange plain change} of one document is made here, without what it costs the server.
 */
final class FoundById extends H2Collection {

    private static final String ID = "_id";

    FoundById(MongoDatabase database, String name, CollectionOptions options, MVMap<Object, Document> documents, MVMap<String, Object> about,
            CursorRegistry cursors) {
        super(database, name, options, documents, about, cursors);
    }

    @Override
    protected QueryResult queryDocuments(Document query, Document orderBy, int skip, int limit, int batchSize, Document fields) {
        return ids(query).flatMap(this::positions)
                .map(positions -> matchDocuments(query, positions, orderBy, skip, limit, batchSize, fields))
                .orElseGet(() -> super.queryDocuments(query, orderBy, skip, limit, batchSize, fields));
    }

    /**
     * What is found is handed out as a copy, since it is made bytes after the next change may have begun, and the library changes documents in place: also
     * its own, which then takes the old one's place. (What lies within documents it never changes in place.)
     */
    @Override
    protected QueryResult createQueryResult(List<Document> found, int batchSize) {
        return super.createQueryResult(found.stream().map(Document::clone).toList(), batchSize);
    }

    @Override
    public synchronized Document updateDocuments(Document selector, Document change, ArrayFilters arrayFilters, boolean isMulti, boolean isUpsert, Oplog oplog) {
        return ids(selector).filter(ids -> ids.get(ID) instanceof String)
                .flatMap(ids -> PlainChange.of(change).flatMap(plain -> make(plain, ids, selector, change, isUpsert, oplog)))
                .orElseGet(() -> super.updateDocuments(selector, change, arrayFilters, isMulti, isUpsert, oplog));
    }

    /** Nothing where the server must say: it knows how to make a document of conditions. */
    private Optional<Document> make(PlainChange plain, Document ids, Document selector, Document change, boolean isUpsert, Oplog oplog) {
        boolean asksForMore = selector.size() > 1 || !selector.containsKey(ID);
        if (asksForMore && isUpsert) {
            return Optional.empty();
        }
        Object id = ids.get(ID);
        Document found = getDocument(id);
        if (found == null) {
            return isUpsert ? plain.of(ids, true).map(made -> insert(made, oplog)) : Optional.of(changed(0, 0));
        }
        return asksForMore && !documentMatchesQuery(found, selector) ? Optional.of(changed(0, 0))
                : plain.of(found, false).map(after -> replace(id, found, after, selector, change, oplog));
    }

    private Document insert(Document made, Oplog oplog) {
        addDocument(made);
        oplog.handleInsert(getFullName(), List.of(made));
        return changed(0, 0).append("upserted", made.get(ID));
    }

    private Document replace(Object id, Document before, Document after, Document selector, Document change, Oplog oplog) {
        if (after.equals(before)) {
            return changed(1, 0);
        }
        getIndexes().forEach(index -> index.checkUpdate(before, after, this));
        getIndexes().forEach(index -> index.updateInPlace(before, after, id, this));
        handleUpdate(id, before, after);
        oplog.handleUpdate(getFullName(), selector, change, List.of(id));
        return changed(1, 1);
    }

    private static Document changed(int matched, int modified) {
        return new Document("n", matched).append("nModified", modified);
    }

    /** Nobody asks how large it is, and to know would cost two measurements and a write each time something changes. */
    @Override
    protected boolean tracksDataSize() {
        return false;
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
