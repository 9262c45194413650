package jangter.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HttpSettingsTest {

    @Test
    void a_limit_that_lets_nobody_in_is_refused_by_its_name() {
        assertThatThrownBy(() -> new HttpSettings(0, new RateSettings(10, 20, 100))).hasMessageContaining("jangter.http.most-in-flight");
        assertThatThrownBy(() -> new RateSettings(0, 20, 100)).hasMessageContaining("jangter.http.rate.a-second");
        assertThatThrownBy(() -> new RateSettings(10, 0, 100)).hasMessageContaining("jangter.http.rate.burst");
        assertThatThrownBy(() -> new RateSettings(10, 20, 0)).hasMessageContaining("jangter.http.rate.customers");
    }

    @Test
    void a_server_that_was_never_there_is_waited_for_and_one_that_was_is_not() {
        AtomicBoolean up = new AtomicBoolean();
        Backing mongo = new Backing("mongo", true, up::get);

        assertThat(mongo.isAway()).isFalse();
        up.set(true);
        assertThat(mongo.isAway()).isFalse();
        up.set(false);
        assertThat(mongo.isAway()).isTrue();
        up.set(true);
        assertThat(mongo.isAway()).isFalse();
    }

    @Test
    void a_read_needs_only_what_is_needed_to_read() {
        assertThat(new Backing("axon-server", false, () -> true).isNeeded(true)).isFalse();
        assertThat(new Backing("axon-server", false, () -> true).isNeeded(false)).isTrue();
        assertThat(new Backing("mongo", true, () -> true).isNeeded(true)).isTrue();
    }
}
