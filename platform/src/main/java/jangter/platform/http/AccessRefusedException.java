package jangter.platform.http;

import org.springframework.http.HttpStatus;

/** Nobody is signed in, or one whose role does not allow it. */
final class AccessRefusedException extends RuntimeException {

    private final HttpStatus status;
    private final String code;

    private AccessRefusedException(HttpStatus status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    static AccessRefusedException nobodySignedIn() {
        return new AccessRefusedException(HttpStatus.UNAUTHORIZED, "not-signed-in", "Say who you are: this needs a signed-in customer.");
    }

    static AccessRefusedException notStaff() {
        return new AccessRefusedException(HttpStatus.FORBIDDEN, "not-staff", "This is for staff alone.");
    }

    HttpStatus status() {
        return status;
    }

    String code() {
        return code;
    }
}
