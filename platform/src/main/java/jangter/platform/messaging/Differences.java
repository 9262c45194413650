package jangter.platform.messaging;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What two JSON trees tell differently, leaf by leaf. */
final class Differences {

    private final List<Difference> found = new ArrayList<>();

    private Differences() {
    }

    /**
     * One leaf, or one branch that is only there on one side.
     *
     * @param path its place, as a JSON Pointer (RFC 6901)
     * @param before nothing if it was not there
     * @param after nothing if it is no more
     */
    record Difference(String path, @Nullable JsonNode before, @Nullable JsonNode after) {
    }

    static List<Difference> between(JsonNode before, JsonNode after) {
        Differences differences = new Differences();
        differences.compare("", before, after);
        return differences.found;
    }

    private void compare(String path, @Nullable JsonNode before, @Nullable JsonNode after) {
        if (before == null || after == null) {
            found.add(new Difference(path, before, after));
        } else if (before.isObject() && after.isObject()) {
            Set<String> names = new LinkedHashSet<>(before.propertyNames());
            names.addAll(after.propertyNames());
            names.stream().filter(name -> !same(before.get(name), after.get(name)))
                    .forEach(name -> compare(path + "/" + name.replace("~", "~0").replace("/", "~1"), before.get(name), after.get(name)));
        } else if (before.isArray() && after.isArray()) {
            for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
                if (!same(before.get(i), after.get(i))) {
                    compare(path + "/" + i, before.get(i), after.get(i));
                }
            }
        } else if (!before.equals(after)) {
            found.add(new Difference(path, before, after));
        }
    }

    private static boolean same(@Nullable JsonNode one, @Nullable JsonNode other) {
        return one == null ? other == null : one.equals(other);
    }
}
