package jangter.platform.http;

import org.springframework.http.HttpStatus;

/** Nobody is signed in, with a token that is not to be believed, or one whose role does not allow it. */
final class AccessRefusedException extends RuntimeException {

    private final HttpStatus status;
    private final String code;
    private final String challenge;

    private AccessRefusedException(HttpStatus status, String code, String challenge, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.challenge = challenge;
    }

    static AccessRefusedException nobodySignedIn() {
        return new AccessRefusedException(HttpStatus.UNAUTHORIZED, "not-signed-in", "Bearer", "Say who you are: this needs a bearer token.");
    }

    /** Which of these it was is told to nobody: it would help only one who forges tokens. */
    static AccessRefusedException badToken() {
        return new AccessRefusedException(HttpStatus.UNAUTHORIZED, "bad-token", "Bearer error=\"invalid_token\"",
                "The token is not good here: it has expired, comes from another issuer, is for another audience, names no customer or was altered.");
    }

    static AccessRefusedException notStaff() {
        return new AccessRefusedException(HttpStatus.FORBIDDEN, "not-staff", "Bearer error=\"insufficient_scope\"", "This is for staff alone.");
    }

    HttpStatus status() {
        return status;
    }

    String code() {
        return code;
    }

    /** For the {@code WWW-Authenticate} header (RFC 6750, section 3). */
    String challenge() {
        return challenge;
    }
}
