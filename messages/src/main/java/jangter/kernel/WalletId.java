package jangter.kernel;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** The wallet of one customer, who has exactly one: {@code wallet-} and the customer's id. */
public record WalletId(@JsonValue String value) {

    private static final String PREFIX = "wallet-";
    private static final Pattern FORM = Pattern.compile(PREFIX + "[A-Za-z0-9][A-Za-z0-9._|:-]{0,63}");

    public WalletId {
        Require.matches("wallet", value, FORM);
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
