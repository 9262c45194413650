package jangter.benchmarks;

/** A measurement cannot be made, for a reason that whoever asked for it can do something about; its message says what, in one line. */
public final class CannotMeasureException extends RuntimeException {

    public CannotMeasureException(String message) {
        super(message);
    }
}
