package jangter.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProgramTest {

    /** What it measures would not be what anyone runs. */
    @Test
    void a_shop_is_started_with_the_jvm_options_that_the_run_script_gives() throws Exception {
        List<String> script = Files.readAllLines(Path.of("../run"));

        assertThat(script).filteredOn(line -> line.contains("jangter-bench.jar")).singleElement().asString().contains("\"-Djangter.bench.jvm=$options\"");
        assertThat(script).filteredOn(line -> line.startsWith("exec ") && line.contains("\"$jar\"")).singleElement().asString()
                .contains(" $options ").doesNotContain("-X");
        assertThat(Program.asRunDoes(" -Xmx1g  -XX:+UseParallelGC ")).containsExactly("-Xmx1g", "-XX:+UseParallelGC");
        assertThatThrownBy(() -> Program.asRunDoes(null)).isInstanceOf(CannotMeasureException.class).hasMessageContaining("./run bench");
    }

    @Test
    void a_free_port_is_given_once_and_is_none_that_the_system_takes_for_itself() {
        List<Integer> ports = IntStream.range(0, 20).mapToObj(number -> Program.freePort()).toList();
        assertThat(ports).doesNotHaveDuplicates().allMatch(port -> port >= 20_000 && port < 30_000);
    }

    @Test
    void what_is_wanted_more_comes_after_what_is_always_given() {
        assertThat(Program.options(List.of("-Xmx1g"), List.of("-Done=1", "-Dtwo=2"))).startsWith("-Xmx1g").endsWith("-Done=1", "-Dtwo=2");
    }
}
