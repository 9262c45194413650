package jangter.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import jangter.platform.MovableClock;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final MovableClock clock = new MovableClock();
    private final Progress progress = new Progress(clock);

    @BeforeEach
    void time_stands_still() {
        clock.stop();
    }

    @Test
    void knows_nothing_before_it_is_told() {
        assertThat(progress.position()).isNull();
        assertThat(progress.perSecond()).isZero();
        assertThat(progress.hasCaughtUp()).isFalse();
    }

    @Test
    void tells_how_fast_it_is_and_how_long_it_still_takes() {
        progress.note(1_000L, 10_000L);
        after(Duration.ofSeconds(2), 4_000L, 10_000L);

        assertThat(progress.perSecond()).isEqualTo(1_500);
        assertThat(progress.secondsLeft()).isEqualTo(4);
        assertThat(progress.hasCaughtUp()).isFalse();
    }

    @Test
    void the_rate_is_that_of_the_last_seconds() {
        progress.note(0L, 100_000L);
        after(Duration.ofSeconds(10), 50_000L, 100_000L);
        after(Duration.ofSeconds(2), 50_200L, 100_000L);

        assertThat(progress.perSecond()).isEqualTo(100);
        assertThat(progress.secondsLeft()).isEqualTo(498);
    }

    @Test
    void who_stands_still_before_the_end_cannot_say_how_long_it_takes() {
        progress.note(1_000L, 10_000L);
        after(Duration.ofSeconds(3), 1_000L, 10_000L);

        assertThat(progress.perSecond()).isZero();
        assertThat(progress.secondsLeft()).isNull();
        assertThat(progress.hasCaughtUp()).isFalse();
    }

    @Test
    void has_caught_up_at_the_end() {
        progress.note(1_000L, 10_000L);
        after(Duration.ofSeconds(1), 10_000L, 10_000L);

        assertThat(progress.secondsLeft()).isZero();
        assertThat(progress.hasCaughtUp()).isTrue();
    }

    @Test
    void is_not_told_of_the_last_events_if_they_do_not_concern_it() {
        progress.note(9_000L, 10_000L);
        assertThat(progress.hasCaughtUp()).isFalse();

        after(Duration.ofSeconds(2), 9_000L, 10_000L);
        assertThat(progress.hasCaughtUp()).isTrue();
    }

    @Test
    void is_not_told_of_very_many_either_but_then_that_takes_longer_to_know() {
        progress.note(1_000L, 10_000L);
        after(Duration.ofSeconds(19), 1_000L, 10_000L);
        assertThat(progress.hasCaughtUp()).isFalse();

        after(Duration.ofSeconds(1), 1_000L, 10_000L);
        assertThat(progress.hasCaughtUp()).isTrue();
    }

    private void after(Duration time, long position, long head) {
        clock.forward(time);
        progress.note(position, head);
    }
}
