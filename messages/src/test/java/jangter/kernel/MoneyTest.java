package jangter.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Currency;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MoneyTest {

    @Test
    void sums_of_one_currency_add_and_subtract() {
        assertThat(won(700).plus(won(300))).isEqualTo(won(1_000));
        assertThat(won(700).minus(won(1_000))).isEqualTo(won(-300));
        assertThat(won(700).plus(Money.zero(Currency.getInstance("KRW")))).isEqualTo(won(700));
    }

    static Stream<BinaryOperator<Money>> meetings() {
        return Stream.of(Money::plus, Money::minus, Money::atMost);
    }

    @ParameterizedTest
    @MethodSource("meetings")
    void sums_of_two_currencies_do_not_meet(BinaryOperator<Money> meeting) {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> meeting.apply(won(1), Money.of(1, "JPY")))
                .withMessage("currency must be KRW, as the sum it meets");
    }

    @Test
    void sums_of_two_currencies_have_no_order() {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> won(1).compareTo(Money.of(1, "JPY")));
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> won(1).hasRoomFor(Money.of(1, "JPY")));
    }

    @Test
    void sums_of_one_currency_are_ordered() {
        assertThat(won(1)).isLessThan(won(2)).isGreaterThan(won(-1)).isEqualByComparingTo(won(1));
        assertThat(won(1).atMost(won(2))).isEqualTo(won(1));
        assertThat(won(3).atMost(won(2))).isEqualTo(won(2));
    }

    @Test
    void so_many_pieces_cost_so_much() {
        assertThat(won(1_500).times(new Quantity(3))).isEqualTo(won(4_500));
        assertThat(won(1_500).times(new Quantity(0))).isEqualTo(won(0));
        assertThat(won(-1_500).times(new Quantity(2))).isEqualTo(won(-3_000));
    }

    @ParameterizedTest
    @ValueSource(longs = {Money.MOST, -Money.MOST, 10_000_000_001L})
    void a_product_that_is_too_large_is_no_sum_of_money(long amount) {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> won(amount).times(new Quantity(Quantity.MOST)));
    }

    @ParameterizedTest(name = "{1} % of {0} is {2}")
    @CsvSource({
        "20000,  10,  2000",
        "   99,   1,     0",
        "  199,  50,    99",
        " -199,  50,   -99",
        "    1, 100,     1",
        "1000000000000000, 99, 990000000000000",
        " 999999999999999, 33, 329999999999999"})
    void a_percentage_is_rounded_towards_zero_and_does_not_overflow(long amount, int percent, long expected) {
        assertThat(won(amount).percent(percent)).isEqualTo(won(expected));
    }

    @ParameterizedTest
    @ValueSource(longs = {Money.MOST + 1, -Money.MOST - 1, Long.MAX_VALUE, Long.MIN_VALUE})
    void no_sum_is_larger_than_the_largest(long amount) {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> won(amount));
    }

    @Test
    void the_largest_sum_has_no_room_for_more() {
        assertThat(won(Money.MOST - 1).hasRoomFor(won(1))).isTrue();
        assertThat(won(Money.MOST).hasRoomFor(won(1))).isFalse();
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> won(Money.MOST).plus(won(1)));
    }

    @Test
    void nothing_is_neither_positive_nor_negative() {
        assertThat(won(0).isPositive()).isFalse();
        assertThat(won(0).isNegative()).isFalse();
        assertThat(won(1).isPositive()).isTrue();
        assertThat(won(-1).isNegative()).isTrue();
    }

    @Test
    void a_sum_has_a_currency() {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> new Money(1, null));
    }

    @Test
    void a_sum_reads_as_amount_and_currency() {
        assertThat(won(1_500)).hasToString("1500 KRW");
    }

    private static Money won(long amount) {
        return Money.of(amount, "KRW");
    }
}
