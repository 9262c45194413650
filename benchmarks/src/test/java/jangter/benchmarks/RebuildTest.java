package jangter.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import jangter.benchmarks.Rebuild.Built;
import java.util.List;
import org.junit.jupiter.api.Test;

class RebuildTest {

    @Test
    void of_a_views_rounds_the_median_rate_counts_and_the_cpu_time_of_all() {
        Measurement measured = Rebuild.measurement(List.of(new Built("order-views", 1_000, 0.1, 30), new Built("order-views", 1_000, 1, 10),
                new Built("order-views", 1_000, 0.05, 20)), "jangter", "synced", 0.5);
        assertThat(measured.scenario()).isEqualTo("rebuild order-views");
        assertThat(measured.perSecond()).isEqualTo(10_000, within(1e-6));
        assertThat(measured.cpuMillis()).isEqualTo(0.02, within(1e-9));
        assertThat(measured.operations()).isEqualTo(3_000);
    }

    @Test
    void a_pass_is_as_fast_as_all_its_views_together() {
        assertThat(Rebuild.perSecond(List.of(new Built("order-views", 1_000, 1, 0), new Built("coupon-views", 1_000, 3, 0)))).isEqualTo(500, within(1e-9));
    }
}
