package jangter.kernel;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** What a product or a campaign is called: 1 to 100 printable characters, neither beginning nor ending with a space. */
public record Name(@JsonValue String value) {

    private static final Pattern FORM = Pattern.compile("(?U)(?! )[^\\p{Cntrl}\\p{Cn}\\p{Cs}]{1,100}(?<! )");

    public Name {
        Require.that(value != null && FORM.matcher(value).matches(), "name",
                "must be 1 to 100 printable characters without a space at either end");
    }

    @Override
    public String toString() {
        return value;
    }
}
