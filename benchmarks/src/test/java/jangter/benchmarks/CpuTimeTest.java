package jangter.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CpuTimeTest {

    @Test
    void a_processs_own_time_and_that_of_its_ended_children_count() {
        String stat = "42 (a (strange) name) S 1 42 42 0 -1 4194560 1 2 3 4 100 20 3 1 20 0 1 0 5 6 7";
        assertThat(CpuTime.ofStat(stat)).isEqualTo(Duration.ofMillis(1_240));
    }

    @Test
    void this_very_process_has_used_some() {
        assertThat(CpuTime.ofTree(ProcessHandle.current())).isPositive();
    }
}
