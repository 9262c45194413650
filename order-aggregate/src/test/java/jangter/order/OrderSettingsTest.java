package jangter.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class OrderSettingsTest {

    @Test
    void an_order_may_stay_unpaid_for_half_an_hour_unless_told_otherwise() {
        assertThat(settings(Map.of())).isEqualTo(new OrderSettings(Duration.ofMinutes(30), Duration.ofSeconds(15), Duration.ofSeconds(15)));
        assertThat(settings(Map.of("jangter.order.unpaid-for", "PT2H")).unpaidFor()).isEqualTo(Duration.ofHours(2));
    }

    @Test
    void no_time_at_all_is_refused() {
        assertThatThrownBy(() -> settings(Map.of("jangter.order.expiry-sweep", "PT0S"))).rootCause()
                .hasMessage("jangter.order.expiry-sweep must be longer than no time");
    }

    private static OrderSettings settings(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("jangter.order", OrderSettings.class);
    }
}
