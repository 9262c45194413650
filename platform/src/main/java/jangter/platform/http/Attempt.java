package jangter.platform.http;

import jangter.kernel.CustomerId;
import java.time.Instant;
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
 * @param at when it came
 */
public record Attempt(CustomerId caller, String target, @Nullable String key, UUID nonce, Instant at) {

    private static final Pattern KEY_FORM = Pattern.compile("[\\x21-\\x7e]{1,255}");
    /** RFC 9562: it begins with the time at which it was made. */
    private static final Pattern VERSION_7 = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);

    /**
     * An id for a thing that this attempt makes: the same whenever the attempt is repeated under its key, even if all memory of the first
     * time is lost, and never the same for two attempts. Ids of attempts without a key, and of those whose key is a UUID of version 7, are in the order in
     * which those came or were made, so that what is new is stored beside what is new.
     *
     * @param thing what sort of thing, where one attempt makes several
     */
    public UUID uuid(String thing) {
        if (key == null) {
            return Digests.uuid(at.toEpochMilli(), caller.value(), target, "nonce " + nonce, thing);
        }
        String[] parts = {caller.value(), target, "key " + key, thing};
        return VERSION_7.matcher(key).matches() ? Digests.uuid(UUID.fromString(key).getMostSignificantBits() >>> 16, parts) : Digests.uuid(parts);
    }

    /** An attempt without a key. */
    static Attempt without(Caller caller, ServerHttpRequest request, UUID nonce, Instant at) {
        return new Attempt(caller.id(), target(request), null, nonce, at);
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
