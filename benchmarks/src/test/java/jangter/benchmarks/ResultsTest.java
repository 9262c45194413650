package jangter.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import jangter.benchmarks.Measurement.Percentiles;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {

    @TempDir
    private Path folder;

    @Test
    void what_is_written_is_read_again() {
        Results results = results(measured("checkouts", 100, 4));
        Path file = folder.resolve("results.json");
        results.write(file);
        assertThat(Results.read(file)).isEqualTo(results);
    }

    @Test
    void two_runs_are_compared_by_what_both_measured() {
        Results before = results(measured("checkouts", 100, 4), measured("orders", 50, 1));
        Results after = results(measured("checkouts", 150, 3), measured("rebuild", 7, 1));
        List<Results.Ratio> ratios = before.to(after);
        assertThat(ratios).hasSize(1);
        assertThat(ratios.get(0).key()).isEqualTo("checkouts / jangter");
        assertThat(ratios.get(0).perSecond()).isEqualTo(1.5, within(1e-9));
        assertThat(ratios.get(0).cpuMillis()).isEqualTo(0.75, within(1e-9));
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        ratios.get(0).print(new PrintStream(told, true, StandardCharsets.UTF_8));
        assertThat(told.toString(StandardCharsets.UTF_8)).contains("throughput × 1.50").contains("CPU each × 0.75");
    }

    @Test
    void a_file_that_holds_no_results_is_told() throws Exception {
        Path file = Files.writeString(folder.resolve("other.json"), "no results");
        assertThatThrownBy(() -> Results.read(file)).isInstanceOf(CannotMeasureException.class).hasMessageContaining("other.json");
        assertThatThrownBy(() -> Results.read(folder.resolve("none.json"))).isInstanceOf(CannotMeasureException.class);
    }

    @Test
    void of_several_rounds_the_median_counts() {
        assertThat(Measurement.median(List.of(3.0, 100.0, 1.0))).isEqualTo(3.0);
        assertThat(Measurement.median(List.of(4.0, 2.0))).isEqualTo(3.0);
    }

    private static Results results(Measurement... measurements) {
        return new Results("2026-11-23T00:00:00Z", "2 cores", List.of(measurements), "all hold", Map.of("checkouts", Map.of("gRPC", 12.5)));
    }

    private static Measurement measured(String scenario, double perSecond, double cpuMillis) {
        return new Measurement(scenario, "jangter", "synced", 1_000, perSecond, new Percentiles(1, 2, 3, 4), cpuMillis, 0.5, Map.of("COMPLETED", 1_000));
    }
}
