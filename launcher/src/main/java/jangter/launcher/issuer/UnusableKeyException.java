package jangter.launcher.issuer;

/** The signing key can neither be read nor made. The message is one line: what is wrong, and what to do. */
public final class UnusableKeyException extends RuntimeException {

    UnusableKeyException(String message) {
        super(message, null, false, false);
    }
}
