package jangter.axonserver.store;

/** The store could not read or write: a full disk, a damaged file, a store that is being closed. */
public final class StoreFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean writing;

    private StoreFailedException(boolean writing, String message, Throwable cause) {
        super(message, cause);
        this.writing = writing;
    }

    static StoreFailedException reading(Throwable cause) {
        return new StoreFailedException(false, "Cannot read the event store: " + cause.getMessage(), cause);
    }

    static StoreFailedException writing(Throwable cause) {
        return new StoreFailedException(true, "Cannot write the event store: " + cause.getMessage(), cause);
    }

    public boolean whileWriting() {
        return writing;
    }
}
