package jangter.axonserver.store;

/** A transaction does not continue its aggregate's sequence, or a snapshot lies beyond its aggregate's last event. */
public final class InvalidSequenceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidSequenceException(String aggregate, long sequence, long expected) {
        super("Invalid sequence number %d for aggregate %s, expected %d".formatted(sequence, aggregate, expected), null, false, false);
    }
}
