package jangter.platform.http;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param next the {@code cursor} of the next page, or null on the last one
 */
public record Page<T>(List<T> items, @Nullable String next) {

    public Page {
        items = List.copyOf(items);
    }

    /**
     * The page that these items make.
     *
     * @param found in the list's order, from where the page begins; one more than the page holds tells that another follows
     */
    public static <T> Page<T> of(List<T> found, PageRequest request, Function<? super T, Cursor> place) {
        if (found.size() <= request.size()) {
            return new Page<>(found, null);
        }
        List<T> items = found.subList(0, request.size());
        return new Page<>(items, place.apply(items.get(items.size() - 1)).toString());
    }

    /** The same page with its items shown in another way. */
    public <R> Page<R> map(Function<? super T, ? extends R> show) {
        return new Page<>(items.stream().<R>map(show).toList(), next);
    }
}
