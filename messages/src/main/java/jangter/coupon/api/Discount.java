package jangter.coupon.api;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import jangter.kernel.Money;
import jangter.kernel.Require;

/** What a coupon takes off a price. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Discount.Fixed.class, name = "fixed"),
    @JsonSubTypes.Type(value = Discount.Percent.class, name = "percent")
})
public sealed interface Discount {

    /** What comes off that price: never more than the price itself. The price is in the discount's currency. */
    Money of(Money price);

    /** The currency of the prices that it applies to, as the currency of this sum. */
    Money limit();

    /** The same sum off every price. */
    record Fixed(Money amount) implements Discount {
        public Fixed {
            Require.that(Require.present("amount", amount).isPositive(), "amount", "must be positive");
        }

        @Override
        public Money of(Money price) {
            return amount.atMost(price);
        }

        @Override
        public Money limit() {
            return amount;
        }
    }

    /** So many hundredths of the price, rounded down, but no more than {@code cap}. */
    record Percent(int percent, Money cap) implements Discount {
        public Percent {
            Require.between("percent", percent, 1, 100);
            Require.that(Require.present("cap", cap).isPositive(), "cap", "must be positive");
        }

        @Override
        public Money of(Money price) {
            return price.percent(percent).atMost(cap);
        }

        @Override
        public Money limit() {
            return cap;
        }
    }
}
