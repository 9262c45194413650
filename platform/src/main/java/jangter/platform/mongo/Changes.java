package jangter.platform.mongo;

import java.util.Map;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * Updates that are encoded once, as they go over the wire. The driver's own builders make a document of each of their parts, then one of all, and encode that:
 * for what is written with nearly every event it is much.
 */
public final class Changes {

    private Changes() {
    }

    /** Sets fields, each under its name or the way to it with dots between. */
    public static Document set(Map<String, ?> fields) {
        return of("$set", fields);
    }

    /** Sets fields if the document is made by it. */
    static Document setOnInsert(Map<String, ?> fields) {
        return of("$setOnInsert", fields);
    }

    private static Document of(String operator, Map<String, ?> fields) {
        Document values = new Document();
        values.putAll(fields);
        return new Document(operator, values);
    }

    /** A document with those fields, each under its name or the way to it with dots between. */
    static Document document(Object id, Map<String, ?> fields) {
        Document document = new Document("_id", id.toString());
        fields.forEach((path, value) -> put(document, path, value));
        return document;
    }

    private static void put(Document into, String path, @Nullable Object value) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            into.append(path, value);
        } else {
            put((Document) into.computeIfAbsent(path.substring(0, dot), name -> new Document()), path.substring(dot + 1), value);
        }
    }

}
