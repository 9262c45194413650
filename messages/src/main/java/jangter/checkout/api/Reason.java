package jangter.checkout.api;

import com.fasterxml.jackson.annotation.JsonValue;
import jangter.kernel.Require;
import java.util.regex.Pattern;

/**
 * Why somebody of the staff steps in: 1 to 200 printable characters, neither beginning nor ending with a space. It is kept for good, so no
 * customer should be named in it.
 */
public record Reason(@JsonValue String value) {

    private static final Pattern FORM = Pattern.compile("(?U)(?! )[^\\p{Cntrl}\\p{Cn}\\p{Cs}]{1,200}(?<! )");

    public Reason {
        Require.that(value != null && FORM.matcher(value).matches(), "reason",
                "must be 1 to 200 printable characters without a space at either end");
    }

    @Override
    public String toString() {
        return value;
    }
}
