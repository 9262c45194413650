package jangter.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.StreamableMessageSource;
import org.junit.jupiter.api.Test;

class PatientEventsTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SOON = Duration.ofSeconds(30);

    private final AtomicBoolean there = new AtomicBoolean();
    private final AtomicInteger opened = new AtomicInteger();

    /** Fails while Axon Server is away, as the connector does. */
    private final StreamableMessageSource<TrackedEventMessage<?>> events = token -> {
        opened.incrementAndGet();
        if (!there.get()) {
            throw new IllegalStateException("not connected");
        }
        return null;
    };

    @Test
    void a_stream_is_waited_for_while_axon_server_is_away_and_opened_once_it_is_back() {
        PatientEvents patient = new PatientEvents(events, there::get, LONG);

        CompletableFuture<Void> opening = CompletableFuture.runAsync(() -> patient.openStream(null));
        await().during(Duration.ofMillis(500)).atMost(SOON).until(() -> opened.get() == 0 && !opening.isDone());
        there.set(true);

        await().atMost(SOON).until(opening::isDone);
        assertThat(opening).isCompletedWithValue(null);
        assertThat(opened).hasValue(1);
    }

    @Test
    void patience_ends_and_then_it_is_tried_all_the_same() {
        PatientEvents patient = new PatientEvents(events, there::get, Duration.ofMillis(50));

        assertThatThrownBy(() -> patient.openStream(null)).hasMessage("not connected");
    }

    @Test
    void a_service_that_stops_waits_for_nobody() {
        PatientEvents patient = new PatientEvents(events, there::get, LONG);

        CompletableFuture<Void> opening = CompletableFuture.runAsync(() -> patient.openStream(null));
        patient.close();

        await().atMost(SOON).until(opening::isCompletedExceptionally);
    }
}
