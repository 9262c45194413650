package jangter.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class NameTest {

    @ParameterizedTest
    @ValueSource(strings = {"A", "첫눈 쿠폰", "Café crème – 50 % off!", "🎁 gift", "<b>"})
    void a_name_is_printable(String value) {
        assertThat(new Name(value)).hasToString(value);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {" ", " A", "A ", "A\nB", "A\tB", "A\u0000", "\u009f", "\ud800"})
    void anything_else_is_no_name(String value) {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> new Name(value));
    }

    @Test
    void a_name_has_at_most_a_hundred_characters() {
        assertThat(new Name("눈".repeat(100)).value()).hasSize(100);
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> new Name("눈".repeat(101)));
    }
}
