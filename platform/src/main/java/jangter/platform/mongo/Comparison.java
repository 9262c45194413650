package jangter.platform.mongo;

import com.mongodb.client.model.Filters;
import com.mongodb.reactivestreams.client.MongoCollection;
import jangter.platform.mongo.Rebuild.Difference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * What two editions of a group's views say differently. Both follow the events, at some milliseconds' distance, so a document that is not
 * the same at the first look is a suspect only: one that is found the same at any later look is none.
 *
 * <p>When a document was written, and what is left of removed ones, does not count. Fields and elements of arrays count without their order: several sequences of events may write to one document, and come in another
 * order when they are handled once more.
 *
 * <p>It waits for the database.
 */
public final class Comparison {

    private static final int READ_AHEAD = 1000;
    private static final int MOST_SUSPECTS = 10_000;
    private static final int AT_ONCE = 200;
    private static final int MOST_SHOWN = 4_000;

    private final Collection<View> views;
    private final Edition before;
    private final Edition after;
    private final Map<View, Set<String>> suspects = new LinkedHashMap<>();
    private long unchecked;

    Comparison(Collection<View> views, Edition before, Edition after) {
        this.views = views;
        this.before = before;
        this.after = after;
    }

    /** Goes through both copies from their first document to their last. */
    public void look() {
        views.forEach(this::look);
    }

    /** Looks at the suspects once more. */
    public void lookAgain() {
        suspects.forEach((view, ids) -> {
            for (List<String> some : partition(ids)) {
                Map<String, Document> old = fetch(view.in(before), some);
                Map<String, Document> built = fetch(view.in(after), some);
                some.stream().filter(id -> isAlike(old.get(id), built.get(id))).forEach(ids::remove);
            }
        });
    }

    /** How many documents differ, as far as is known by now. */
    public long found() {
        return unchecked + suspects.values().stream().mapToLong(Set::size).sum();
    }

    /** Some of those that differ, as they stand now. */
    public List<Difference> differences(int most) {
        List<Difference> differences = new ArrayList<>();
        suspects.forEach((view, ids) -> {
            List<String> some = ids.stream().sorted().limit(most - differences.size()).toList();
            Map<String, Document> old = fetch(view.in(before), some);
            Map<String, Document> built = fetch(view.in(after), some);
            some.forEach(id -> differences.add(difference(view.name(), id, old.get(id), built.get(id))));
        });
        return differences;
    }

    private void look(View view) {
        Iterator<Document> old = all(view.in(before));
        Iterator<Document> built = all(view.in(after));
        Document left = next(old);
        Document right = next(built);
        while (left != null || right != null) {
            int order = left == null ? 1 : right == null ? -1 : id(left).compareTo(id(right));
            if (order != 0 || !isAlike(left, right)) {
                suspect(view, id(order <= 0 && left != null ? left : right));
            }
            if (order <= 0) {
                left = next(old);
            }
            if (order >= 0) {
                right = next(built);
            }
        }
    }

    private void suspect(View view, String id) {
        Set<String> ids = suspects.computeIfAbsent(view, first -> new HashSet<>());
        if (ids.size() < MOST_SUSPECTS) {
            ids.add(id);
        } else {
            unchecked++;
        }
    }

    private static Difference difference(String view, String id, @Nullable Document before, @Nullable Document after) {
        return new Difference(view, id, fieldsThatDiffer(before, after), fieldsThatDiffer(after, before));
    }

    private static @Nullable Document fieldsThatDiffer(@Nullable Document document, @Nullable Document other) {
        if (document == null) {
            return null;
        }
        Document differing = new Document();
        document.forEach((field, value) -> {
            if (other == null || !other.containsKey(field) || !isAlike(value, other.get(field))) {
                differing.append(field, brief(field, value));
            }
        });
        return differing;
    }

    /** Enough to see what it is about: a customer's coupons may be thousands. */
    private static @Nullable Object brief(String field, @Nullable Object value) {
        String text = new Document(field, value).toJson();
        return text.length() <= MOST_SHOWN ? value : text.substring(0, MOST_SHOWN) + "…";
    }

    private static boolean isAlike(@Nullable Object one, @Nullable Object other) {
        if (one instanceof Map<?, ?> fields && other instanceof Map<?, ?> others) {
            return fields.keySet().equals(others.keySet()) && fields.keySet().stream().allMatch(key -> isAlike(fields.get(key), others.get(key)));
        }
        if (one instanceof List<?> elements && other instanceof List<?> others) {
            return elements.equals(others) || holdTheSame(elements, others);
        }
        return one == null ? other == null : one.equals(other);
    }

    private static boolean holdTheSame(List<?> elements, List<?> others) {
        if (elements.size() != others.size()) {
            return false;
        }
        List<?> left = new ArrayList<>(others);
        for (Object element : elements) {
            Iterator<?> candidates = left.iterator();
            boolean found = false;
            while (!found && candidates.hasNext()) {
                found = isAlike(element, candidates.next());
            }
            if (!found) {
                return false;
            }
            candidates.remove();
        }
        return true;
    }

    private static Iterator<Document> all(MongoCollection<Document> collection) {
        return InIdOrder.documents(collection).map(View::asShown).toIterable(READ_AHEAD).iterator();
    }

    private static Map<String, Document> fetch(MongoCollection<Document> collection, Collection<String> ids) {
        Map<String, Document> found = ids.isEmpty() ? null
                : Flux.from(collection.find(Filters.in("_id", ids))).map(View::asShown).collectMap(Comparison::id).block(Databases.PATIENCE);
        return found == null ? Map.of() : found;
    }

    private static List<List<String>> partition(Set<String> ids) {
        List<String> all = List.copyOf(ids);
        List<List<String>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            parts.add(all.subList(from, Math.min(all.size(), from + AT_ONCE)));
        }
        return parts;
    }

    private static String id(Document document) {
        return document.getString("_id");
    }

    private static @Nullable Document next(Iterator<Document> documents) {
        return documents.hasNext() ? documents.next() : null;
    }
}
