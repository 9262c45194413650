package jangter.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jangter.checkout.api.Step;
import jangter.kernel.InvalidValueException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class PaceTest {

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 4", "3, 8", "4, 8", "1000000000, 8"})
    void waits_double_up_to_the_longest(int attempt, int seconds) {
        assertThat(Pace.USUAL.waitAfter(attempt)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void what_cannot_be_given_up_is_sent_more_often() {
        assertThat(Pace.USUAL.isLast(Step.USE_COUPON, 9)).isFalse();
        assertThat(Pace.USUAL.isLast(Step.USE_COUPON, 10)).isTrue();
        assertThat(Pace.USUAL.isLast(Step.COMPLETE_ORDER, 39)).isFalse();
        assertThat(Pace.USUAL.isLast(Step.COMPLETE_ORDER, 40)).isTrue();
        assertThat(Pace.USUAL.isLast(Step.FAIL_PAYMENT, 40)).isTrue();
    }

    @Test
    void the_settings_are_the_usual_pace_unless_set() {
        MapConfigurationPropertySource nothing = new MapConfigurationPropertySource();
        assertThat(new Binder(nothing).bindOrCreate("jangter.checkout", CheckoutSettings.class).pace()).isEqualTo(Pace.USUAL);
    }

    @Test
    void settings_that_make_no_pace_are_refused() {
        MapConfigurationPropertySource none = new MapConfigurationPropertySource(Map.of("jangter.checkout.sends-before-undoing", "0"));
        assertThatThrownBy(() -> new Binder(none).bindOrCreate("jangter.checkout", CheckoutSettings.class)).isInstanceOf(BindException.class)
                .hasRootCauseInstanceOf(InvalidValueException.class);
    }

    @Test
    void a_pace_that_makes_no_sense_is_refused() {
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> new Pace(Duration.ZERO, second, 1, 1, second)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> new Pace(second, Duration.ofMillis(999), 1, 1, second)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> new Pace(second, second, 0, 1, second)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> new Pace(second, second, 1, 0, second)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> new Pace(second, second, 1, 1, Duration.ZERO)).isInstanceOf(InvalidValueException.class);
    }
}
