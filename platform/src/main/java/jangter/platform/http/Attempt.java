package jangter.platform.http;

import jangter.kernel.CustomerId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a caller to have something done. With an idempotency key, attempts with the same key are the same attempt.
 *
 * @param caller who asks
 * @param target what is asked for: method and path
 * @param key the caller's idempotency key, if one was sent
 * @param nonce what tells this attempt from others where there is no key
 */
public record Attempt(CustomerId caller, String target, @Nullable String key, UUID nonce) {

    /**
     * An id for a thing that this attempt makes: the same whenever the attempt is repeated under its key, even if all memory of the first
     * time is lost, and never the same for two attempts.
     *
     * @param thing what sort of thing, where one attempt makes several
     */
    public UUID uuid(String thing) {
        return Digests.uuid(caller.value(), target, key == null ? "nonce " + nonce : "key " + key, thing);
    }

    /** Under which the answer to this attempt is kept. */
    String id() {
        return Digests.hex(caller.value(), target, String.valueOf(key));
    }
}
