package jangter.coupon.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import jangter.kernel.InvalidValueException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WindowTest {

    private static final Instant OPENS = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant CLOSES = Instant.parse("2026-11-02T00:00:00Z");
    private static final Window WINDOW = new Window(OPENS, CLOSES);

    @Test
    void it_is_open_from_its_first_moment_until_just_before_its_last() {
        assertThat(WINDOW.contains(OPENS)).isTrue();
        assertThat(WINDOW.contains(CLOSES.minusNanos(1))).isTrue();
    }

    @Test
    void it_is_closed_before_and_after() {
        assertThat(WINDOW.contains(OPENS.minusNanos(1))).isFalse();
        assertThat(WINDOW.contains(CLOSES)).isFalse();
        assertThat(WINDOW.contains(Instant.MAX)).isFalse();
        assertThat(WINDOW.contains(Instant.MIN)).isFalse();
    }

    @Test
    void it_closes_after_it_opens() {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> new Window(OPENS, OPENS));
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> new Window(CLOSES, OPENS));
    }

    @Test
    void it_is_within_the_times_that_a_calendar_tells_of() {
        assertThat(new Window(Instant.EPOCH, Instant.parse("9999-12-31T23:59:59Z")).contains(CLOSES)).isTrue();
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> new Window(Instant.EPOCH.minusNanos(1), CLOSES));
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> new Window(OPENS, Instant.parse("+10000-01-01T00:00:00Z")));
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> new Window(Instant.MIN, Instant.MAX));
    }

    @Test
    void it_needs_both_ends() {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> new Window(null, CLOSES));
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> new Window(OPENS, null));
    }
}
