package jangter.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.axonframework.common.AxonThreadFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatheringTest {

    private static final Duration TIME = Duration.ofMillis(40);

    private final Gathering threads = new Gathering(1, new AxonThreadFactory("gathering"), TIME);
    private final Gathering patient = new Gathering(1, new AxonThreadFactory("patient"), Duration.ofMinutes(1));

    @AfterEach
    void stop() {
        threads.shutdownNow();
        patient.shutdownNow();
    }

    @Test
    void who_is_told_of_events_begins_some_time_later_and_takes_what_came_meanwhile() throws Exception {
        LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>(List.of("first"));
        long begun = System.nanoTime();

        Future<?> batch = threads.schedule(() -> {
            assertThat(events).containsExactly("first", "second");
        }, 0, TimeUnit.MILLISECONDS);
        events.add("second");

        batch.get(10, TimeUnit.SECONDS);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(TIME);
    }

    @Test
    void what_the_processor_wants_of_itself_is_done_at_once() throws Exception {
        Future<Future<?>> handedOut = patient.schedule(() -> patient.submit(() -> { }), 1, TimeUnit.NANOSECONDS);

        handedOut.get(10, TimeUnit.SECONDS).get(10, TimeUnit.SECONDS);
    }

    @Test
    void what_is_for_later_is_done_then() throws Exception {
        long begun = System.nanoTime();

        patient.schedule(() -> { }, 60, TimeUnit.MILLISECONDS).get(10, TimeUnit.SECONDS);

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(60)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void room_is_looked_for_sooner_than_axon_would() throws Exception {
        long begun = System.nanoTime();

        for (int look = 0; look < 20; look++) {
            patient.schedule(() -> { }, 100, TimeUnit.MILLISECONDS).get(10, TimeUnit.SECONDS);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void while_others_go_first_more_events_are_taken_only_as_often_as_one_would_be_told_of_them() throws Exception {
        Gathering stepsBack = new Gathering(1, new AxonThreadFactory("steps back"), Duration.ZERO, TIME, () -> true, () -> 0);
        try {
            assertThat(timeUntilMoreIsTaken(stepsBack)).isGreaterThanOrEqualTo(TIME);
        } finally {
            stepsBack.shutdownNow();
        }
    }

    @Test
    void who_is_far_behind_steps_back_no_more() throws Exception {
        AtomicLong now = new AtomicLong();
        Gathering farBehind = new Gathering(1, new AxonThreadFactory("far behind"), Duration.ZERO, Duration.ofMinutes(1), () -> true, now::get);
        try {
            Future<?> told = farBehind.schedule(() -> { }, 0, TimeUnit.MILLISECONDS);
            now.set(Gathering.MOST_BEHIND.toNanos());

            assertThat(timeUntilMoreIsTaken(farBehind)).isLessThan(Duration.ofMinutes(1));
            assertThat(told).isNotDone();
        } finally {
            farBehind.shutdownNow();
        }
    }

    private static Duration timeUntilMoreIsTaken(Gathering threads) throws Exception {
        CompletableFuture<Long> handedOut = new CompletableFuture<>();
        CompletableFuture<Long> more = new CompletableFuture<>();
        threads.schedule(() -> {
            threads.schedule(() -> {
                more.complete(System.nanoTime());
            }, 0, TimeUnit.MILLISECONDS);
            handedOut.complete(System.nanoTime());
        }, 1, TimeUnit.NANOSECONDS);
        return Duration.ofNanos(more.get(30, TimeUnit.SECONDS) - handedOut.get(30, TimeUnit.SECONDS));
    }
}
