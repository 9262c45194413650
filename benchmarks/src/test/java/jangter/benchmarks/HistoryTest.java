package jangter.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class HistoryTest {

    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private final Instantly target = new Instantly();

    @Test
    void it_is_measured_at_what_is_past_when_it_is_warm_and_then_at_tens_up_to_what_is_asked_for() {
        assertThat(History.sizes(6_000, 100_000)).containsExactly(6_000, 10_000, 100_000);
        assertThat(History.sizes(12_000, 100_000)).containsExactly(12_000, 100_000);
        assertThat(History.sizes(12_000, 250_000)).containsExactly(12_000, 100_000, 250_000);
        assertThat(History.sizes(12_000, 12_000)).containsExactly(12_000);
        assertThat(History.sizes(12_000, 1_000_000)).containsExactly(12_000, 100_000, 1_000_000);
    }

    @Test
    void a_size_is_told_as_it_is_and_the_last_beside_the_first() {
        List<Measurement> measured = measure("--past", "1000000", "--rounds", "2");
        // warm after 300 s of CPU time at least, of which it uses a second for each hundred orders
        assertThat(past(measured.get(0))).isGreaterThanOrEqualTo(30_000);
        assertThat(measured.get(0).operations()).isEqualTo(4_000);
        assertThat(past(measured.get(measured.size() - 1))).isEqualTo(1_000_000).isEqualTo(target.paid - 4_000);
        assertThat(told()).contains("history 1000000 : " + measured.get(0).scenario() + ", rate × ").contains("CPU each × 1.00");
    }

    @Test
    void where_all_is_past_as_soon_as_it_is_warm_there_is_nothing_to_compare() {
        assertThat(measure("--past", "1000", "--rounds", "1")).hasSize(1);
        assertThat(told()).contains("nothing to compare").contains("1,000 orders");
    }

    private static int past(Measurement measured) {
        return Integer.parseInt(measured.scenario().substring("history ".length()));
    }

    private String told() {
        return told.toString(StandardCharsets.UTF_8);
    }

    private List<Measurement> measure(String... options) {
        return new History(Options.parse(options), new PrintStream(told, true, StandardCharsets.UTF_8)).measure(target);
    }

    /** Answers at once, and uses a second of CPU time for each hundred orders. */
    private static final class Instantly implements Target {

        private int placed;
        private int paid;

        @Override
        public String name() {
            return "instantly";
        }

        @Override
        public String durability() {
            return "none";
        }

        @Override
        public void place(int orders) {
            placed += orders;
        }

        @Override
        public synchronized Mono<String> payNext() {
            paid++;
            return Mono.just(paid <= placed ? COMPLETED : "not placed");
        }

        @Override
        public void rest() {
            // nothing goes on
        }

        @Override
        public Duration cpu() {
            return Duration.ofMillis(paid * 10L);
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
