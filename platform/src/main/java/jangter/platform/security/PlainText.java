package jangter.platform.security;

import java.util.function.Predicate;

/** Text looked at letter by letter: a pattern takes so much longer that headers were a tenth of what answering a customer of a rush took. */
final class PlainText {

    private static final String OF_TOKENS = "-._~+/";

    private PlainText() {
    }

    /** Takes what is plain at once, and asks the other of all else; which should take what is plain too. */
    static Predicate<String> or(Predicate<String> other) {
        return text -> text != null && isPlain(text) || other.test(text);
    }

    /** Whether it is of ASCII's visible letters and spaces only. */
    private static boolean isPlain(String text) {
        for (int at = 0; at < text.length(); at++) {
            char letter = text.charAt(at);
            if (letter < ' ' || letter > '~') {
                return false;
            }
        }
        return true;
    }

    /** Whether from there on it is a bearer token, as RFC 6750 has it in its section 2.1, without padding. */
    static boolean isToken(String text, int from) {
        for (int at = from; at < text.length(); at++) {
            char letter = text.charAt(at);
            if (!(letter >= 'a' && letter <= 'z' || letter >= 'A' && letter <= 'Z' || letter >= '0' && letter <= '9' || OF_TOKENS.indexOf(letter) >= 0)) {
                return false;
            }
        }
        return from < text.length();
    }
}
