package jangter.kernel;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** One charge of a wallet, and its idempotency key. Written {@code charge-…}. */
public record ChargeId(@JsonValue String value) {

    private static final String PREFIX = "charge-";

    public ChargeId {
        Identifiers.check(PREFIX, value);
    }

    public static ChargeId of(UUID uuid) {
        return new ChargeId(PREFIX + uuid);
    }

    @Override
    public String toString() {
        return value;
    }
}
