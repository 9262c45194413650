package jangter.kernel;

/** Thrown by a command handler that refuses; only the caller needs to know, so no event tells of it. */
public class RefusedException extends RuntimeException {

    private final Refusal refusal;

    public RefusedException(Refusal refusal) {
        // a refusal is an answer, not a fault: no stack trace
        super(refusal.message(), null, false, false);
        this.refusal = refusal;
    }

    public Refusal refusal() {
        return refusal;
    }
}
