package jangter.launcher;

import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.BsonConstants;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The fields that a query, or an index, asks about: nothing else of a document need be looked at to know whether it matches, or where it stands. */
final class AskedFields {

    private static final Set<String> COMBINATIONS = Set.of("$and", "$or", "$nor");

    /** Of a document those that are asked about, and what of each, if it is a document itself. Of one that is asked about as it is, anything. */
    private final Map<String, AskedFields> within = new HashMap<>();
    private boolean isAny;

    private AskedFields() {
    }

    static AskedFields of(Document query) {
        AskedFields asked = new AskedFields();
        asked.collect(query);
        return asked;
    }

    /** Those fields, each with all that lies within. */
    static AskedFields named(Collection<String> names) {
        AskedFields asked = new AskedFields();
        names.forEach(asked::add);
        return asked;
    }

    private void collect(Document query) {
        for (Map.Entry<String, Object> condition : query.entrySet()) {
            String key = condition.getKey();
            if (COMBINATIONS.contains(key) && condition.getValue() instanceof Collection<?> parts && parts.stream().allMatch(Document.class::isInstance)) {
                parts.forEach(part -> collect((Document) part));
            } else if (key.startsWith("$")) {
                isAny = true;
            } else {
                add(key);
            }
        }
    }

    private void add(String path) {
        int dot = path.indexOf('.');
        AskedFields field = within.computeIfAbsent(dot < 0 ? path : path.substring(0, dot), name -> new AskedFields());
        if (dot < 0) {
            field.isAny = true;
        } else {
            field.add(path.substring(dot + 1));
        }
    }

    /** The document, or so much of it that the query can be decided upon. */
    Document in(byte[] document) {
        return isAny ? DocumentBytes.document(document) : in(document, 0);
    }

    private Document in(byte[] bytes, int at) {
        Document some = new Document();
        for (DocumentBytes.Fields fields = new DocumentBytes.Fields(bytes, at); some.size() < within.size() && fields.next();) {
            AskedFields asked = within.get(fields.name());
            if (asked != null) {
                boolean isWithin = !asked.isAny && fields.type() == BsonConstants.TYPE_EMBEDDED_DOCUMENT;
                some.put(fields.name(), isWithin ? asked.in(bytes, fields.value()) : fields.decoded());
            }
        }
        return some;
    }
}
