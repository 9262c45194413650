package jangter.kernel;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** A product of the shop. Written {@code product-…}. */
public record ProductId(@JsonValue String value) {

    private static final String PREFIX = "product-";

    public ProductId {
        Identifiers.check(PREFIX, value);
    }

    public static ProductId of(UUID uuid) {
        return new ProductId(PREFIX + uuid);
    }

    @Override
    public String toString() {
        return value;
    }
}
