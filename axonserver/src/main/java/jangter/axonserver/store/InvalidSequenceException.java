package jangter.axonserver.store;

/** A transaction does not continue its aggregate's sequence or follows one that was not stored, or a snapshot lies beyond its aggregate's last event. */
public final class InvalidSequenceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidSequenceException(String aggregate, long sequence, long expected) {
        this("Invalid sequence number %d for aggregate %s, expected %d".formatted(sequence, aggregate, expected));
    }

    private InvalidSequenceException(String message) {
        super(message, null, false, false);
    }

    /** What comes after a transaction that was not stored continues nothing. */
    static InvalidSequenceException builtOnNothing() {
        return new InvalidSequenceException("Invalid sequence: the transaction that this one follows was not stored");
    }
}
