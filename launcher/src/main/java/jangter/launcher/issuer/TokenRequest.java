package jangter.launcher.issuer;

import jangter.kernel.CustomerId;
import jangter.kernel.InvalidValueException;
import jangter.kernel.Require;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

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
        Require.that(FIELDS.containsAll(fields.keySet()), "request", "has customer, staff and lifetime, and nothing else");
        return new TokenRequest(new CustomerId(text(fields, "customer", "")), flag(text(fields, "staff", "false")),
                duration(text(fields, "lifetime", USUAL.toString())));
    }

    private static String text(Map<String, ?> fields, String name, String otherwise) {
        Object value = fields.get(name);
        return value == null ? otherwise : value.toString();
    }

    private static boolean flag(String text) {
        Require.that(text.equals("true") || text.equals("false"), "staff", "is true or false");
        return text.equals("true");
    }

    private static Duration duration(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeException unreadable) {
            throw new InvalidValueException("lifetime", "must be a duration such as PT1H");
        }
    }
}
