package jangter.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ProfileTest {

    @Test
    void what_the_jdk_does_counts_for_whoever_called_it() {
        assertThat(Profile.part(List.of("java.util.HashMap", "tools.jackson.databind.JsonMapper", "org.axonframework.A"))).isEqualTo("serialisation");
        assertThat(Profile.part(List.of("java.util.HashMap", "io.grpc.A"))).isEqualTo("gRPC");
        assertThat(Profile.part(List.of("jangter.axonserver.store.SqliteEventStore"))).isEqualTo("event store");
        assertThat(Profile.part(List.of("jangter.checkout.Checkout", "org.axonframework.A"))).isEqualTo("Jangter");
        assertThat(Profile.part(List.of("java.lang.Thread"))).isEqualTo("other");
    }

    @Test
    void a_recording_tells_what_was_done(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("some.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(1));
            recording.start();
            work();
            recording.stop();
            recording.dump(file);
        }
        assertThat(Profile.read(file).shares()).containsKey("serialisation");
    }

    private static void work() {
        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        while (System.nanoTime() < end) {
            JsonMapper.shared().readTree("[" + "{\"number\":1.5,\"words\":[\"a\",\"b\"]},".repeat(1_000) + "1]");
        }
    }
}
