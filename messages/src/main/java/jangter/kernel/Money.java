package jangter.kernel;

import java.util.Currency;

/**
 * An exact sum of money: a whole number of the currency's minor units (won, cents), at most 10¹⁵ either way.
 *
 * @param amount in minor units
 * @param currency an ISO 4217 currency
 */
public record Money(long amount, Currency currency) implements Comparable<Money> {

    /** The largest amount, in minor units: far past any order, far below overflow. */
    public static final long MOST = 1_000_000_000_000_000L;

    public Money {
        Require.between("amount", amount, -MOST, MOST);
        Require.present("currency", currency);
    }

    public static Money of(long amount, String currencyCode) {
        return new Money(amount, Currency.getInstance(currencyCode));
    }

    public static Money zero(Currency currency) {
        return new Money(0, currency);
    }

    public Money plus(Money other) {
        return new Money(amount + sameCurrency(other).amount, currency);
    }

    public Money minus(Money other) {
        return new Money(amount - sameCurrency(other).amount, currency);
    }

    public Money times(Quantity quantity) {
        long high = Math.multiplyHigh(amount, quantity.value());
        long low = amount * quantity.value();
        Require.that(high == low >> 63, "amount", "is too large");
        return new Money(low, currency);
    }

    /** That many hundredths of this, rounded towards zero. */
    public Money percent(int percent) {
        return new Money(amount / 100 * percent + amount % 100 * percent / 100, currency);
    }

    public Money atMost(Money limit) {
        return compareTo(limit) <= 0 ? this : limit;
    }

    /** Whether that much more would still be a sum of money. */
    public boolean hasRoomFor(Money more) {
        return amount <= MOST - sameCurrency(more).amount;
    }

    public boolean isNegative() {
        return amount < 0;
    }

    public boolean isPositive() {
        return amount > 0;
    }

    /** Compares amounts of one currency; two currencies have no order. */
    @Override
    public int compareTo(Money other) {
        return Long.compare(amount, sameCurrency(other).amount);
    }

    @Override
    public String toString() {
        return amount + " " + currency;
    }

    private Money sameCurrency(Money other) {
        Require.that(currency.equals(other.currency), "currency", "must be " + currency + ", as the sum it meets");
        return other;
    }
}
