package jangter.launcher;

import de.bwaldvogel.mongo.bson.Document;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields that a query asks about: nothing else of a document need be looked at to know whether it matches. */
final class AskedFields {

    private static final Set<String> COMBINATIONS = Set.of("$and", "$or", "$nor");

    /** Nothing if it may ask about any. */
    private final @Nullable Set<String> names;

    private AskedFields(@Nullable Set<String> names) {
        this.names = names;
    }

    static AskedFields of(Document query) {
        Set<String> names = new HashSet<>();
        return new AskedFields(collect(query, names) ? names : null);
    }

    private static boolean collect(Document query, Set<String> names) {
        for (String key : query.keySet()) {
            if (COMBINATIONS.contains(key) && query.get(key) instanceof Collection<?> parts) {
                if (!parts.stream().allMatch(part -> part instanceof Document document && collect(document, names))) {
                    return false;
                }
            } else if (key.startsWith("$")) {
                return false;
            } else {
                int dot = key.indexOf('.');
                names.add(dot < 0 ? key : key.substring(0, dot));
            }
        }
        return true;
    }

    /** The document, or so much of it that the query can be decided upon. */
    Document in(byte[] document) {
        return names == null ? DocumentBytes.document(document) : DocumentBytes.document(document, names);
    }
}
