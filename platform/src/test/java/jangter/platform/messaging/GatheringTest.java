package jangter.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
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

    @Test
    void after_a_batch_that_took_as_much_as_it_could_the_next_is_not_waited_for() throws Exception {
        Gathering patient = new Gathering(1, new AxonThreadFactory("patient"), Duration.ofMinutes(1));
        try {
            Future<Future<?>> first = patient.schedule(() -> {
                handle(new FullBatches(2), 2);
                return patient.submit(() -> { });
            }, 0, TimeUnit.SECONDS);

            first.get(10, TimeUnit.SECONDS).get(10, TimeUnit.SECONDS);
        } finally {
            patient.shutdownNow();
        }
    }

    @Test
    void after_a_smaller_one_it_is() throws Exception {
        AtomicLong begun = new AtomicLong();
        AtomicLong next = new AtomicLong();
        Future<Future<?>> first = workers.schedule(() -> {
            handle(new FullBatches(2), 1);
            begun.set(System.nanoTime());
            return workers.submit(() -> next.set(System.nanoTime()));
        }, 0, TimeUnit.SECONDS);

        first.get(10, TimeUnit.SECONDS).get(10, TimeUnit.SECONDS);
        assertThat(Duration.ofNanos(next.get() - begun.get())).isGreaterThanOrEqualTo(TIME);
    }

    private static void handle(FullBatches interceptor, int events) throws Exception {
        interceptor.handle(new BatchingUnitOfWork<>(Stream.<EventMessage<?>>generate(() -> GenericEventMessage.asEventMessage("event")).limit(events).toList()),
                () -> null);
    }
}
