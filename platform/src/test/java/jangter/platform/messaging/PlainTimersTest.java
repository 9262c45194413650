package jangter.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.micrometer.MessageTimerMonitor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlainTimersTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @BeforeEach
    void filter() {
        meters.config().meterFilter(new PlainTimers());
    }

    @Test
    void axons_timers_count_and_add_up_and_have_no_percentiles() {
        MessageTimerMonitor.builder().meterNamePrefix("commandBus").meterRegistry(meters).build().onMessageIngested(new GenericMessage<>("a message")).reportSuccess();

        HistogramSnapshot all = meters.get("commandBus.allTimer").timer().takeSnapshot();
        assertThat(all.count()).isEqualTo(1);
        assertThat(all.percentileValues()).isEmpty();
        assertThat(meters.get("commandBus.successTimer").timer().takeSnapshot().percentileValues()).isEmpty();
    }

    @Test
    void others_keep_what_they_ask_for() {
        Timer other = Timer.builder("jangter.some.time").publishPercentiles(0.5).register(meters);
        other.record(Duration.ofMillis(10));
        assertThat(other.takeSnapshot().percentileValues()).hasSize(1);
    }
}
