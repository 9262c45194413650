package jangter.launcher.inside;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EventPaceTest {

    private static final int A_SECOND = 1_000;

    private final AtomicLong nanoTime = new AtomicLong(Duration.ofHours(1).toNanos());
    private final EventPace pace = new EventPace(nanoTime::get);

    private void pass(int millis) {
        nanoTime.addAndGet(Duration.ofMillis(millis).toNanos());
    }

    @Test
    void nothing_is_no_pace() {
        assertThat(pace.isAtLeast(1)).isFalse();
    }

    @Test
    void a_tenth_of_them_within_a_tenth_of_a_second_is_as_many_a_second() {
        pace.count(60);
        assertThat(pace.isAtLeast(A_SECOND)).isFalse();
        pace.count(40);

        assertThat(pace.isAtLeast(A_SECOND)).isTrue();
        assertThat(pace.isAtLeast(A_SECOND + 1)).isFalse();
    }

    @Test
    void the_tenth_that_is_over_counts_until_the_next_one_is() {
        pace.count(100);
        pass(100);
        assertThat(pace.isAtLeast(A_SECOND)).isTrue();

        pass(100);

        assertThat(pace.isAtLeast(1)).isFalse();
    }

    @Test
    void a_little_each_tenth_never_adds_up() {
        for (int tenth = 0; tenth < 50; tenth++) {
            pace.count(99);
            assertThat(pace.isAtLeast(A_SECOND)).isFalse();
            pass(100);
        }
    }
}
