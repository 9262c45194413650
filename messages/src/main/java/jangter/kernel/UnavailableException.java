package jangter.kernel;

/** What would do the work cannot be reached or did not answer in time; it may or may not have been done. Answered 503. */
public class UnavailableException extends RuntimeException {

    public UnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
