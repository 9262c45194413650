package jangter.kernel;

import java.util.Locale;

/** A reason that a context gives for refusals; an enum a context implements this. */
public interface RefusalCode {

    String name();

    Refusal.Kind kind();

    /** The stable code: the constant's name in lower case with hyphens. */
    default String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    default RefusedException because(String message) {
        return new RefusedException(new Refusal(code(), kind(), message));
    }
}
