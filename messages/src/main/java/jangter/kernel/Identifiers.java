package jangter.kernel;

/**
 * The form that all generated identifiers share: a readable prefix, since Axon wants them unique across aggregate types. Looked at
 * letter by letter: every message that is read makes some, and a pattern takes ten times as long.
 */
final class Identifiers {

    private static final int LONGEST_TAIL = 64;

    private Identifiers() {
    }

    static void check(String prefix, String value) {
        if (value == null || !value.startsWith(prefix) || !isTail(value, prefix.length())) {
            throw new InvalidValueException(prefix.substring(0, prefix.length() - 1) + " id",
                    "is written " + prefix + "… with 1 to 64 letters, digits and hyphens after it");
        }
    }

    private static boolean isTail(String value, int from) {
        int length = value.length() - from;
        return length >= 1 && length <= LONGEST_TAIL && consistsOf(value, from, "-");
    }

    /** Whether there are only ASCII letters, digits and those others from that index on. */
    static boolean consistsOf(String value, int from, String others) {
        for (int i = from; i < value.length(); i++) {
            char letter = value.charAt(i);
            if (!isLetterOrDigit(letter) && others.indexOf(letter) < 0) {
                return false;
            }
        }
        return true;
    }

    static boolean isLetterOrDigit(char letter) {
        return letter >= 'a' && letter <= 'z' || letter >= '0' && letter <= '9' || letter >= 'A' && letter <= 'Z';
    }
}
