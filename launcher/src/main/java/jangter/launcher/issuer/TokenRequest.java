package jangter.launcher.issuer;

import jangter.kernel.CustomerId;
import jangter.kernel.InvalidValueException;
import jangter.kernel.Require;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to be.
 *
 * @param staff whether a member of staff, too
 * @param lifetime for how long; an hour if it is not said, at most a day
 */
record TokenRequest(CustomerId customer, boolean staff, Duration lifetime) {

    static final Duration LONGEST = Duration.ofDays(1);

    private static final Duration USUAL = Duration.ofHours(1);
    private static final Set<String> FIELDS = Set.of("customer", "staff", "lifetime");

    TokenRequest {
        Require.between("lifetime in seconds", lifetime.toSeconds(), 1, LONGEST.toSeconds());
    }

    /** Reads a form's or a JSON object's fields. */
    static TokenRequest of(Map<String, ?> fields) {
        Require.that(FIELDS.containsAll(fields.keySet()), "request", "must have customer, staff and lifetime, and nothing else");
        return new TokenRequest(new CustomerId(text(fields, "customer", "")), flag(fields.get("staff")),
                duration(text(fields, "lifetime", USUAL.toString())));
    }

    private static String text(Map<String, ?> fields, String name, String otherwise) {
        Object value = fields.get(name);
        if (value == null) {
            return otherwise;
        }
        Require.that(value instanceof String, name, "must be text");
        return (String) value;
    }

    /** A form has only text; JSON has the values themselves. */
    private static boolean flag(@Nullable Object value) {
        Require.that(value == null || value instanceof Boolean || "true".equals(value) || "false".equals(value), "staff", "must be true or false");
        return Boolean.TRUE.equals(value) || "true".equals(value);
    }

    private static Duration duration(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeException unreadable) {
            throw new InvalidValueException("lifetime", "must be a duration such as PT1H");
        }
    }
}
