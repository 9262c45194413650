package jangter.platform.security;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

/**
 * A door into the HTTP edge that is not like the others: as a bean, it tells of paths that stand open, or are for staff alone. Staff's doors
 * are looked at before open ones. All other paths are for anyone who is signed in, and their handlers may ask for more by what they take
 * ({@link jangter.platform.http.Staff}).
 *
 * <p>Who serves pages there sets their {@code Content-Security-Policy} on the answer; where none is set, nothing may be loaded.
 *
 * @param access for whom
 * @param method the one method that this is about; null for all
 * @param paths as path patterns, such as {@code /products/**}
 */
public record Door(Access access, @Nullable HttpMethod method, List<String> paths) {

    /** For whom a door is. */
    public enum Access {
        STAFF, ANYONE
    }

    public Door {
        paths = List.copyOf(paths);
    }

    /** Anyone may read there, signed in or not. A token that is sent all the same must be a good one. */
    public static Door openToRead(String... paths) {
        return new Door(Access.ANYONE, HttpMethod.GET, List.of(paths));
    }

    /** Anyone may do there whatever the handlers let them. */
    public static Door open(String... paths) {
        return new Door(Access.ANYONE, null, List.of(paths));
    }

    public static Door forStaff(String... paths) {
        return new Door(Access.STAFF, null, List.of(paths));
    }

    boolean is(Access other) {
        return access == other;
    }
}
