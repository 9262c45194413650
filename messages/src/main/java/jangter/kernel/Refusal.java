package jangter.kernel;

/**
 * Why a request was turned down, as it travels from an aggregate to whoever asked. Nothing has changed.
 *
 * @param code stable, for programs: {@code order-not-pending}
 * @param kind what sort of refusal it is
 * @param message for people; holds no internals
 */
public record Refusal(String code, Kind kind, String message) {

    /** The sorts of refusal. */
    public enum Kind {
        /** There is no such thing, or it is not yours to see. */
        UNKNOWN,
        /** It cannot be done as things stand; they may change. */
        CONFLICT,
        /** It is well formed and can never be done. */
        UNACCEPTABLE
    }
}
