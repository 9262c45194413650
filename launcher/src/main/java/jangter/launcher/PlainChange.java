package jangter.launcher;

import de.bwaldvogel.mongo.bson.Document;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A change that only sets fields and takes fields away, as nearly all do. By itself the server takes each path apart with regular expressions, copies the
 * document four times and compares it twice. What is anything else, or not allowed, is the server's to do or to refuse.
 */
final class PlainChange {

    private static final String SET_ON_INSERT = "$setOnInsert";
    private static final String UNSET = "$unset";
    private static final Set<String> OPERATORS = Set.of("$set", SET_ON_INSERT, UNSET);

    private final Document operators;

    private PlainChange(Document operators) {
        this.operators = operators;
    }

    /** That change, if it is a plain one. */
    static Optional<PlainChange> of(Document change) {
        if (change.isEmpty() || !OPERATORS.containsAll(change.keySet())) {
            return Optional.empty();
        }
        List<String> paths = new ArrayList<>();
        for (Object operator : change.values()) {
            if (!(operator instanceof Document fields) || !fields.keySet().stream().allMatch(path -> isPlain(path) && isApart(path, paths) && paths.add(path))) {
                return Optional.empty();
            }
        }
        return Optional.of(new PlainChange(change));
    }

    private static boolean isPlain(String path) {
        return !path.isEmpty() && path.indexOf('$') < 0 && !isWithin(path, "_id") && path.charAt(0) != '.' && !path.endsWith(".") && !path.contains("..");
    }

    private static boolean isApart(String path, List<String> others) {
        for (String other : others) {
            if (isWithin(path, other) || isWithin(other, path)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWithin(String path, String other) {
        return path.startsWith(other) && (path.length() == other.length() || path.charAt(other.length()) == '.');
    }

    /**
     * The document as it is afterwards; the one that is given stays as it is.
     *
     * @return nothing if it leads through what is no document, a list for instance
     */
    Optional<Document> of(Document before, boolean isNew) {
        Document after = before.clone();
        // whatever lies within is copied once, however many paths lead through it: an overview's slot has a thousand
        Set<Document> copied = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Map.Entry<String, Object> operator : operators.entrySet()) {
            if (isNew || !operator.getKey().equals(SET_ON_INSERT)) {
                for (Map.Entry<String, Object> field : ((Document) operator.getValue()).entrySet()) {
                    boolean isDone = operator.getKey().equals(UNSET) ? unset(after, field.getKey(), copied)
                            : set(after, field.getKey(), field.getValue(), copied);
                    if (!isDone) {
                        return Optional.empty();
                    }
                }
            }
        }
        return Optional.of(after);
    }

    private static boolean set(Document in, String path, Object value, Set<Document> copied) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            in.put(path, value);
            return true;
        }
        String field = path.substring(0, dot);
        Object inner = in.containsKey(field) ? in.get(field) : new Document();
        return inner instanceof Document document && set(copyWithin(in, field, document, copied), path.substring(dot + 1), value, copied);
    }

    private static boolean unset(Document in, String path, Set<Document> copied) {
        int dot = path.indexOf('.');
        String field = dot < 0 ? path : path.substring(0, dot);
        if (dot < 0 || !in.containsKey(field)) {
            in.remove(path);
            return true;
        }
        return in.get(field) instanceof Document inner && unset(copyWithin(in, field, inner, copied), path.substring(dot + 1), copied);
    }

    private static Document copyWithin(Document in, String field, Document inner, Set<Document> copied) {
        if (copied.contains(inner)) {
            return inner;
        }
        Document copy = inner.clone();
        copied.add(copy);
        in.put(field, copy);
        return copy;
    }
}
