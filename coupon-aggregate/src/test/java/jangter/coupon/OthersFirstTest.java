package jangter.coupon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jangter.kernel.InvalidValueException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OthersFirstTest {

    private final AtomicLong now = new AtomicLong(7);
    private final OthersFirst others = new OthersFirst(200, now::get);

    @Test
    void without_others_all_come_in() {
        assertThat(letIn(10_000)).isEqualTo(10_000);
    }

    @Test
    void beside_others_so_many_a_second_come_in_a_tenth_of_them_together() {
        others.otherCame();
        assertThat(letIn(1_000)).isEqualTo(20);

        after(Duration.ofMillis(99));
        assertThat(letIn(1_000)).isZero();
        after(Duration.ofMillis(1));
        assertThat(letIn(1_000)).isEqualTo(20);
    }

    @Test
    void a_slow_pace_is_kept_too() {
        OthersFirst slow = new OthersFirst(3, now::get);
        slow.otherCame();
        assertThat(slow.letIn()).isTrue();

        after(Duration.ofMillis(333));
        assertThat(slow.letIn()).isFalse();
        after(Duration.ofMillis(1));
        assertThat(slow.letIn()).isTrue();
    }

    @Test
    void others_count_for_a_second() {
        others.otherCame();
        letIn(100);

        after(OthersFirst.THERE.minusNanos(1));
        assertThat(letIn(1_000)).isLessThan(1_000);
        after(Duration.ofNanos(1));
        assertThat(letIn(1_000)).isEqualTo(1_000);
    }

    @Test
    void a_pace_of_nothing_would_shut_them_out() {
        assertThatThrownBy(() -> new OthersFirst(0, now::get)).isInstanceOf(InvalidValueException.class);
    }

    private long letIn(int come) {
        return IntStream.range(0, come).filter(n -> others.letIn()).count();
    }

    private void after(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
