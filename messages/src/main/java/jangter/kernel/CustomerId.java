package jangter.kernel;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A customer, as the identity provider names its subject: 1 to 64 letters, digits and {@code . _ | : -}. A pseudonym and never an
 * address, since it stands in events for good; {@code @} is refused for that reason.
 */
public record CustomerId(@JsonValue String value) {

    static final String FORM = "[A-Za-z0-9][A-Za-z0-9._|:-]{0,63}";
    private static final int LONGEST = 64;

    public CustomerId {
        Require.that(value != null && isWellFormed(value, 0), "customer", "must match " + FORM);
    }

    /** Whether a customer's id stands there from that index on. Without a pattern, for the reason that {@link Identifiers} gives. */
    static boolean isWellFormed(String value, int from) {
        int length = value.length() - from;
        return length >= 1 && length <= LONGEST && Identifiers.isLetterOrDigit(value.charAt(from)) && Identifiers.consistsOf(value, from + 1, "._|:-");
    }

    @Override
    public String toString() {
        return value;
    }
}
