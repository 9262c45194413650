package jangter.launcher;

/** The system cannot start as it is set up. The message is one line for whoever started it: what is wrong, and what to do. */
final class CannotStartException extends RuntimeException {

    CannotStartException(String message) {
        super(message, null, false, false);
    }
}
