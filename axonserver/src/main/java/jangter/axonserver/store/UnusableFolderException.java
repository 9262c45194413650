package jangter.axonserver.store;

/** A folder on which no store can be opened; the message says why, and what to do next. */
public final class UnusableFolderException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnusableFolderException(String message) {
        super(message);
    }

    UnusableFolderException(String message, Throwable cause) {
        super(message, cause);
    }
}
