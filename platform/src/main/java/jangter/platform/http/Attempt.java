package jangter.platform.http;

import jangter.kernel.CustomerId;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * One attempt of a caller to have something done. With an idempotency key, attempts with the same key are the same attempt.
 *
 * @param caller who asks
 * @param target what is asked for: method and path
 * @param key the caller's idempotency key, if one was sent
 * @param nonce what tells this attempt from others where there is no key
 */
public record Attempt(CustomerId caller, String target, @Nullable String key, UUID nonce) {

    private static final Pattern KEY_FORM = Pattern.compile("[\\x21-\\x7e]{1,255}");

    /**
     * An id for a thing that this attempt makes: the same whenever the attempt is repeated under its key, even if all memory of the first
     * time is lost, and never the same for two attempts.
     *
     * @param thing what sort of thing, where one attempt makes several
     */
    public UUID uuid(String thing) {
        return Digests.uuid(caller.value(), target, key == null ? "nonce " + nonce : "key " + key, thing);
    }

    /** An attempt without a key. */
    static Attempt without(Caller caller, ServerHttpRequest request, UUID nonce) {
        return new Attempt(caller.id(), target(request), null, nonce);
    }

    /** Under which the answer to this attempt is kept. */
    String id() {
        return id(caller, target, String.valueOf(key));
    }

    /** Under which the answer to that caller's request is kept, if it carries a key. It tells nothing of the key but that it is the same. */
    public static Optional<String> keptUnder(CustomerId caller, ServerHttpRequest request) {
        return Optional.ofNullable(request.getHeaders().getFirst(Arguments.KEY)).filter(Attempt::isKey)
                .map(key -> id(caller, target(request), key));
    }

    /** Whether the request is an attempt under a key, good or bad. */
    public static boolean isKeyed(ServerHttpRequest request) {
        return request.getHeaders().containsHeader(Arguments.KEY);
    }

    static boolean isKey(String text) {
        return KEY_FORM.matcher(text).matches();
    }

    static String target(ServerHttpRequest request) {
        return request.getMethod() + " " + request.getPath().value();
    }

    private static String id(CustomerId caller, String target, String key) {
        return Digests.hex(caller.value(), target, key);
    }
}
