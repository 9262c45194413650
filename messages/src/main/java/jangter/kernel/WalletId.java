package jangter.kernel;

import com.fasterxml.jackson.annotation.JsonValue;

/** The wallet of one customer, who has exactly one: {@code wallet-} and the customer's id. */
public record WalletId(@JsonValue String value) {

    private static final String PREFIX = "wallet-";

    public WalletId {
        Require.that(value != null && value.startsWith(PREFIX) && CustomerId.isWellFormed(value, PREFIX.length()), "wallet",
                "must match " + PREFIX + CustomerId.FORM);
    }

    public static WalletId of(CustomerId customer) {
        return new WalletId(PREFIX + customer.value());
    }

    /** The customer whose wallet this is. */
    public CustomerId owner() {
        return new CustomerId(value.substring(PREFIX.length()));
    }

    @Override
    public String toString() {
        return value;
    }
}
