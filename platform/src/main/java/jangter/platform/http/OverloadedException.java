package jangter.platform.http;

/** Too many want the same thing at once, and nothing was begun: answered 503, and not told in the log, which would be as many lines. */
public final class OverloadedException extends RuntimeException {

    /** @param what what too many want */
    public OverloadedException(String what) {
        super(what, null, false, false);
    }
}
