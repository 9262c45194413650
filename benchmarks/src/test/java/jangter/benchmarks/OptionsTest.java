package jangter.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {

    @Test
    void nothing_said_means_all_scenarios_but_the_long_one() {
        Options options = Options.parse();
        assertThat(options.scenarios()).contains(ScenarioName.CHECKOUTS, ScenarioName.REBUILD).doesNotContain(ScenarioName.HISTORY);
        assertThat(options.clients()).isEqualTo(32);
        assertThat(options.warmUp()).isEqualTo(90);
        assertThat(options.past()).isEqualTo(100_000);
        assertThat(options.apart()).isFalse();
        assertThat(options.yardsticks()).isTrue();
    }

    @Test
    void what_is_said_holds() {
        Options options = Options.parse("--scenario", "hot-product", "--scenario", "history", "--seconds", "7", "--clients", "3", "--no-yardsticks",
                "--against", "http://127.0.0.1:8080", "--axon-server", "127.0.0.1:9", "--out", "x.json");
        assertThat(options.scenarios()).containsExactly(ScenarioName.HOT_PRODUCT, ScenarioName.HISTORY);
        assertThat(options.seconds()).isEqualTo(7);
        assertThat(options.clients()).isEqualTo(3);
        assertThat(options.yardsticks()).isFalse();
        assertThat(options.against()).isEqualTo(URI.create("http://127.0.0.1:8080"));
        assertThat(options.axonServer()).isEqualTo("127.0.0.1:9");
        assertThat(options.out()).isEqualTo(Path.of("x.json"));
    }

    @Test
    void services_apart_are_started_so_and_not_found_running() {
        assertThat(Options.parse("--apart", "--seconds", "7").apart()).isTrue();
        assertThat(Options.USAGE).contains("--apart");
        assertThatThrownBy(() -> Options.parse("--apart", "--against", "http://127.0.0.1:8080")).isInstanceOf(CannotMeasureException.class)
                .hasMessageContaining("leave out one");
    }

    @ParameterizedTest
    @CsvSource({
        "--fast, 1, There is no option --fast",
        "--scenario, everything, There is no scenario \"everything\"",
        "--seconds, 0, --seconds takes a number from 1 to 3600",
        "--seconds, soon, not \"soon\"",
        "--clients, 501, --clients takes a number from 1 to 500",
        "--against, localhost:8080, --against takes an address",
    })
    void what_makes_no_sense_is_said_in_a_line(String option, String value, String told) {
        assertThatThrownBy(() -> Options.parse(option, value)).isInstanceOf(CannotMeasureException.class).hasMessageContaining(told);
    }

    @Test
    void an_option_without_its_value_is_told() {
        assertThatThrownBy(() -> Options.parse("--out")).isInstanceOf(CannotMeasureException.class).hasMessageContaining("--out needs a value");
    }
}
