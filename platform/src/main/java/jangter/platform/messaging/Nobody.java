package jangter.platform.messaging;

import java.util.UUID;
import java.util.function.Supplier;

/**
 * Where nobody asked, the service did.
 *
 * @param nonces from which traces that begin here take their ids
 */
record Nobody(String service, Supplier<UUID> nonces) {

    Asked asked() {
        return new Asked(service, nonces.get().toString().replace("-", ""), null);
    }
}
