package jangter.launcher;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.AbstractUniqueIndex;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.bson.Document;
import java.util.List;
import java.util.Map;
import org.h2.mvstore.MVMap;

/** Where a collection's documents are by their ids. An update never changes an id, so that it has nothing to look at here. */
final class IdIndex extends AbstractUniqueIndex<Object> {

    private final MVMap<KeyValue, Object> positions;

    IdIndex(MVMap<KeyValue, Object> positions, String name, List<IndexKey> keys) {
        super(name, keys, false);
        this.positions = positions;
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
    public Object getPosition(Document document) {
        return document.get("_id") instanceof String id ? getPosition(new KeyValue(id)) : super.getPosition(document);
    }

    @Override
    protected Object removeDocument(KeyValue id) {
        return positions.remove(id);
    }

    @Override
    protected boolean putKeyPosition(KeyValue id, Object position) {
        return positions.putIfAbsent(id, position) == null;
    }

    @Override
    protected Iterable<Map.Entry<KeyValue, Object>> getIterable() {
        return positions.entrySet();
    }

    @Override
    protected Object getPosition(KeyValue id) {
        return positions.get(id);
    }

    @Override
    public long getCount() {
        return positions.sizeAsLong();
    }

    @Override
    public long getDataSize() {
        return getCount();
    }
}
