package jangter.kernel;

import java.util.Collection;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The checks that value types and messages make of themselves. Each throws {@link InvalidValueException}. */
public final class Require {

    private Require() {
    }

    public static <T> T present(String field, @Nullable T value) {
        if (value == null) {
            throw new InvalidValueException(field, "is missing");
        }
        return value;
    }

    public static void matches(String field, @Nullable String value, Pattern form) {
        if (value == null || !form.matcher(value).matches()) {
            throw new InvalidValueException(field, "must match " + form.pattern());
        }
    }

    public static void between(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new InvalidValueException(field, "must be from " + least + " to " + most);
        }
    }

    public static void sizeBetween(String field, @Nullable Collection<?> value, int least, int most) {
        between("number of " + field, present(field, value).size(), least, most);
    }

    public static void that(boolean holds, String field, String rule) {
        if (!holds) {
            throw new InvalidValueException(field, rule);
        }
    }
}
