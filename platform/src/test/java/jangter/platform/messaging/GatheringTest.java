package jangter.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.AxonThreadFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatheringTest {

    private static final Duration TIME = Duration.ofMillis(40);

    private final Gathering workers = new Gathering(1, new AxonThreadFactory("gathering"), TIME);

    @AfterEach
    void stop() {
        workers.shutdownNow();
    }

    @Test
    void a_batch_begins_some_time_after_its_first_event_and_takes_what_came_meanwhile() throws Exception {
        LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>(List.of("first"));
        long begun = System.nanoTime();

        Future<?> batch = workers.submit(() -> {
            assertThat(events).containsExactly("first", "second");
        });
        events.add("second");

        batch.get(10, TimeUnit.SECONDS);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(TIME);
    }
}
