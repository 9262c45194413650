package jangter.platform.mongo;

import java.util.Map;
import org.bson.Document;

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
    public static Document setOnInsert(Map<String, ?> fields) {
        return of("$setOnInsert", fields);
    }

    /** Takes a field away and sets others. */
    static Document setWithout(String unset, Map<String, ?> fields) {
        Document change = new Document("$unset", new Document(unset, ""));
        change.putAll(set(fields));
        return change;
    }

    private static Document of(String operator, Map<String, ?> fields) {
        Document values = new Document();
        values.putAll(fields);
        return new Document(operator, values);
    }
}
