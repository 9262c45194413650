package jangter.kernel;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** One attempt to pay one order, and the idempotency key of every step of that attempt in every context. Written {@code payment-…}. */
public record PaymentId(@JsonValue String value) {

    private static final String PREFIX = "payment-";

    public PaymentId {
        Identifiers.check(PREFIX, value);
    }

    public static PaymentId of(UUID uuid) {
        return new PaymentId(PREFIX + uuid);
    }

    @Override
    public String toString() {
        return value;
    }
}
