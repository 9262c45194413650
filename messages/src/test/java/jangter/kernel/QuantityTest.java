package jangter.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

    @Test
    void quantities_add_and_subtract() {
        assertThat(new Quantity(2).plus(new Quantity(3))).isEqualTo(new Quantity(5));
        assertThat(new Quantity(3).minus(new Quantity(3))).isEqualTo(new Quantity(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Quantity.MOST + 1, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void a_quantity_is_from_none_to_a_thousand_million(int value) {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> new Quantity(value));
    }

    @Test
    void no_fewer_than_none_are_left() {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> new Quantity(1).minus(new Quantity(2)));
    }

    @Test
    void the_most_have_no_room_for_more() {
        Quantity most = new Quantity(Quantity.MOST);

        assertThat(most.hasRoomFor(new Quantity(0))).isTrue();
        assertThat(most.hasRoomFor(new Quantity(1))).isFalse();
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> most.plus(new Quantity(1)));
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> most.plus(most));
    }

    @Test
    void quantities_are_ordered() {
        assertThat(new Quantity(2)).isLessThan(new Quantity(3)).isGreaterThan(new Quantity(1));
    }
}
