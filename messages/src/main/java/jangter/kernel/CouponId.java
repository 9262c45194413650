package jangter.kernel;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** One coupon, issued to one customer. Written {@code coupon-…}. */
public record CouponId(@JsonValue String value) {

    private static final String PREFIX = "coupon-";

    public CouponId {
        Identifiers.check(PREFIX, value);
    }

    public static CouponId of(UUID uuid) {
        return new CouponId(PREFIX + uuid);
    }

    @Override
    public String toString() {
        return value;
    }
}
