package jangter.axonserver.processors;

/** A processor could not be told, or could not do, what was asked. */
public final class ProcessorFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String code;

    ProcessorFailure(String code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
