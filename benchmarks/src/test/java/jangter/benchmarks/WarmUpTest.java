package jangter.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import jangter.benchmarks.WarmUp.Until;
import jangter.benchmarks.WarmUp.Warm;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class WarmUpTest {

    private static final Duration LONG = Duration.ofHours(1);

    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private long seconds;
    private int cpuARound = 10;

    @Test
    void it_ends_when_no_round_was_faster_by_a_twentieth_in_so_many_one_after_the_other() {
        Warm warm = up(new Until(1, 2, LONG), 100, 200, 205, 300, 310, 290, 999);
        assertThat(warm).isEqualTo(new Warm(290, 6, true));
        assertThat(told()).contains("shop is warm after 60 s of CPU time: 290/s");
    }

    @Test
    void a_slow_round_does_not_end_it_while_others_are_faster_than_ever() {
        assertThat(up(new Until(1, 2, LONG), 100, 50, 110, 60, 120, 60, 60, 999).rounds()).isEqualTo(7);
    }

    @Test
    void it_does_not_end_before_so_much_cpu_time_is_used() {
        assertThat(up(new Until(75, 2, LONG), 100, 100, 100, 100, 100, 100, 100, 100, 999).rounds()).isEqualTo(8);
    }

    @Test
    void it_ends_after_a_while_however_cold_and_says_so() {
        Warm warm = up(new Until(1, 2, Duration.ofSeconds(25)), 100, 200, 300, 400);
        assertThat(warm).isEqualTo(new Warm(300, 3, false));
        assertThat(told()).contains("shop may not be warm after 30 s of CPU time: 300/s");
    }

    @Test
    void whose_cpu_time_is_unknown_works_once() {
        cpuARound = 0;
        assertThat(up(new Until(90, 2, LONG), 100, 999)).isEqualTo(new Warm(100, 1, false));
    }

    @Test
    void with_no_seconds_asked_for_it_works_once() {
        assertThat(up(new Until(0, 2, LONG), 100, 999)).isEqualTo(new Warm(100, 1, false));
    }

    private Warm up(Until until, double... rates) {
        Iterator<Double> rounds = DoubleStream.of(rates).iterator();
        int[] cpu = {0};
        return new WarmUp(new PrintStream(told, true, StandardCharsets.UTF_8), () -> TimeUnit.SECONDS.toNanos(seconds))
                .up("shop", until, () -> Duration.ofSeconds(cpu[0]), () -> {
                    seconds += 10;
                    cpu[0] += cpuARound;
                    return rounds.next();
                });
    }

    private String told() {
        return told.toString(StandardCharsets.UTF_8);
    }
}
