package jangter.coupon.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import jangter.kernel.InvalidValueException;
import jangter.kernel.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiscountTest {

    @ParameterizedTest(name = "{0} off {1} is {2}")
    @CsvSource({
        "1000, 20000, 1000",
        "1000,  1001, 1000",
        "1000,  1000, 1000",
        "1000,   999,  999",
        "1000,     0,    0"})
    void a_fixed_discount_takes_its_amount_but_no_more_than_the_price(long amount, long price, long off) {
        assertThat(new Discount.Fixed(won(amount)).of(won(price))).isEqualTo(won(off));
    }

    @ParameterizedTest(name = "{0} % of {1}, at most {2}, is {3}")
    @CsvSource({
        " 10, 20000, 3000, 2000",
        " 10, 30000, 3000, 3000",
        " 10, 30010, 3000, 3000",
        " 10, 50000, 3000, 3000",
        " 10,     9, 3000,    0",
        " 10,    19, 3000,    1",
        " 33,   100, 3000,   33",
        " 33,   101, 3000,   33",
        "  1,    99, 3000,    0",
        "100,  2999, 3000, 2999",
        "100,  3001, 3000, 3000",
        " 50,     0, 3000,    0"})
    void a_percentage_is_rounded_down_and_capped(int percent, long price, long cap, long off) {
        assertThat(new Discount.Percent(percent, won(cap)).of(won(price))).isEqualTo(won(off));
    }

    @Test
    void a_percentage_of_the_largest_sum_is_exact() {
        assertThat(new Discount.Percent(99, won(Money.MOST)).of(won(Money.MOST))).isEqualTo(won(990_000_000_000_000L));
    }

    @Test
    void minor_units_are_rounded_down_too() {
        Discount discount = new Discount.Percent(15, Money.of(1_000, "EUR"));

        assertThat(discount.of(Money.of(1_999, "EUR"))).isEqualTo(Money.of(299, "EUR"));
    }

    @Test
    void the_limit_tells_the_currency() {
        assertThat(new Discount.Fixed(Money.of(1, "EUR")).limit().currency().getCurrencyCode()).isEqualTo("EUR");
        assertThat(new Discount.Percent(1, Money.of(1, "EUR")).limit().currency().getCurrencyCode()).isEqualTo("EUR");
    }

    @Test
    void a_price_in_another_currency_has_no_discount() {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> new Discount.Fixed(won(1_000)).of(Money.of(1_000, "JPY")));
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> new Discount.Percent(10, won(1_000)).of(Money.of(1_000, "JPY")));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, -Money.MOST})
    void a_discount_is_positive(long amount) {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> new Discount.Fixed(won(amount)));
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> new Discount.Percent(10, won(amount)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 101, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void a_percentage_is_from_1_to_100(int percent) {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> new Discount.Percent(percent, won(1_000)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void one_and_a_hundred_percent_are_percentages(int percent) {
        assertThat(new Discount.Percent(percent, won(1_000)).percent()).isEqualTo(percent);
    }

    @Test
    void a_discount_needs_its_amount() {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> new Discount.Fixed(null));
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> new Discount.Percent(10, null));
    }

    private static Money won(long amount) {
        return Money.of(amount, "KRW");
    }
}
