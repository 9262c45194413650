package jangter.kernel;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * A customer, as the identity provider names its subject: 1 to 64 letters, digits and {@code . _ | : -}. A pseudonym and never an
 * address, since it stands in events for good; {@code @} is refused for that reason.
 */
public record CustomerId(@JsonValue String value) {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._|:-]{0,63}");

    public CustomerId {
        Require.matches("customer", value, FORM);
    }

    @Override
    public String toString() {
        return value;
    }
}
