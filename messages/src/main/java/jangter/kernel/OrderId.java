package jangter.kernel;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** An order. Written {@code order-…}. */
public record OrderId(@JsonValue String value) {

    private static final String PREFIX = "order-";

    public OrderId {
        Identifiers.check(PREFIX, value);
    }

    public static OrderId of(UUID uuid) {
        return new OrderId(PREFIX + uuid);
    }

    @Override
    public String toString() {
        return value;
    }
}
