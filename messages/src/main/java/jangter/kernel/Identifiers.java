package jangter.kernel;

import java.util.regex.Pattern;

/** The form that all generated identifiers share: a readable prefix, since Axon wants them unique across aggregate types. */
final class Identifiers {

    private static final Pattern TAIL = Pattern.compile("[0-9A-Za-z-]{1,64}");

    private Identifiers() {
    }

    static void check(String prefix, String value) {
        if (value == null || !value.startsWith(prefix) || !TAIL.matcher(value.substring(prefix.length())).matches()) {
            throw new InvalidValueException(prefix.substring(0, prefix.length() - 1) + " id",
                    "is written " + prefix + "… with 1 to 64 letters, digits and hyphens after it");
        }
    }
}
