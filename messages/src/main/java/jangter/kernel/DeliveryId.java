package jangter.kernel;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** One delivery of stock, and its idempotency key. Written {@code delivery-…}. */
public record DeliveryId(@JsonValue String value) {

    private static final String PREFIX = "delivery-";

    public DeliveryId {
        Identifiers.check(PREFIX, value);
    }

    public static DeliveryId of(UUID uuid) {
        return new DeliveryId(PREFIX + uuid);
    }

    @Override
    public String toString() {
        return value;
    }
}
