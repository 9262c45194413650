package jangter.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jangter.platform.messaging.Gathering.Manner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Delayed;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.axonframework.common.AxonThreadFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatheringTest {

    private static final Duration TIME = Duration.ofMillis(40);

    private final Gathering threads = new Gathering(1, new AxonThreadFactory("gathering"), Manner.always(TIME), System::nanoTime);
    private final Gathering patient = new Gathering(1, new AxonThreadFactory("patient"), Manner.always(Duration.ofMinutes(1)), System::nanoTime);

    private final List<Gathering> others = new ArrayList<>();
    private final AtomicLong now = new AtomicLong();

    @AfterEach
    void stop() {
        others.forEach(Gathering::shutdownNow);
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
        Gathering stepsBack = new Gathering(1, new AxonThreadFactory("steps back"), new Manner(Duration.ZERO, TIME, TIME, () -> true, null), () -> 0);
        try {
            assertThat(timeUntilMoreIsTaken(stepsBack)).isGreaterThanOrEqualTo(TIME);
        } finally {
            stepsBack.shutdownNow();
        }
    }

    @Test
    void who_is_far_behind_steps_back_no_more() throws Exception {
        AtomicLong now = new AtomicLong();
        Gathering farBehind = new Gathering(1, new AxonThreadFactory("far behind"), new Manner(Duration.ZERO, Duration.ofMinutes(1), TIME, () -> true, null),
                now::get);
        try {
            Future<?> told = farBehind.schedule(() -> { }, 0, TimeUnit.MILLISECONDS);
            now.set(Gathering.MOST_BEHIND.toNanos());

            assertThat(timeUntilMoreIsTaken(farBehind)).isLessThan(Duration.ofMinutes(1));
            assertThat(told).isNotDone();
        } finally {
            farBehind.shutdownNow();
        }
    }

    @Test
    void what_was_gathered_is_handled_soon_once_somebody_waits_for_it() throws Exception {
        Gathering views = awaited(Duration.ofMinutes(1), TIME);
        Future<?> batch = told(views);
        long begun = System.nanoTime();

        views.isAwaited();

        batch.get(30, TimeUnit.SECONDS);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(TIME);
    }

    @Test
    void what_comes_before_it_can_be_read_is_not_gathered_for_longer_and_what_comes_later_is() {
        Gathering views = awaited(Duration.ofMinutes(1), Duration.ofSeconds(20));
        assertThat(left(told(views))).isGreaterThan(Duration.ofSeconds(30));
        views.isAwaited();

        now.set(Duration.ofSeconds(40).toNanos() - 1);
        assertThat(left(told(views))).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(20));
        now.incrementAndGet();
        assertThat(left(told(views))).isGreaterThan(Duration.ofSeconds(30));
    }

    @Test
    void who_waits_is_never_served_later_for_it() throws Exception {
        Gathering views = awaited(TIME, Duration.ofMinutes(1));
        Future<?> batch = told(views);

        views.isAwaited();

        batch.get(30, TimeUnit.SECONDS);
        told(views).get(30, TimeUnit.SECONDS);
    }

    @Test
    void as_many_as_were_served_together_are_gathered_again() throws Exception {
        Gathering views = awaited(Duration.ofMinutes(1), Duration.ZERO);
        serveTogether(3, views);

        Future<?> batch = told(views);
        awaited(views, 2);
        assertThat(next(views)).isGreaterThan(Duration.ofSeconds(30));
        awaited(views, 1);

        batch.get(30, TimeUnit.SECONDS);
    }

    @Test
    void where_fewer_come_than_before_so_many_are_enough_from_then_on() throws Exception {
        Duration gathered = Duration.ofMillis(500);
        Gathering views = awaited(gathered, Duration.ZERO);
        serveTogether(3, views);
        Future<?> one = told(views);
        awaited(views, 1);
        one.get(30, TimeUnit.SECONDS);

        Future<?> another = told(views);
        awaited(views, 1);

        assertThat(next(views)).isLessThan(gathered.dividedBy(2));
        another.get(30, TimeUnit.SECONDS);
    }

    @Test
    void those_who_step_back_begin_one_after_the_other() throws Exception {
        Semaphore turns = new Semaphore(1);
        AtomicBoolean othersFirst = new AtomicBoolean(true);
        Gathering one = stepsBack(othersFirst, turns);
        Gathering other = stepsBack(othersFirst, turns);
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        Future<?> first = one.submit(() -> {
            begun.countDown();
            return end.await(30, TimeUnit.SECONDS);
        });
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

        Future<?> second = other.submit(() -> { });
        await().until(turns::hasQueuedThreads);
        assertThat(second).isNotDone();
        end.countDown();

        first.get(30, TimeUnit.SECONDS);
        second.get(30, TimeUnit.SECONDS);
        await().until(() -> turns.availablePermits() == 1);
    }

    @Test
    void who_need_not_step_back_takes_no_turn_and_who_waited_too_long_begins_without() throws Exception {
        Semaphore taken = new Semaphore(0);
        AtomicBoolean othersFirst = new AtomicBoolean();
        Gathering views = stepsBack(othersFirst, taken);
        views.submit(() -> { }).get(30, TimeUnit.SECONDS);

        othersFirst.set(true);
        views.submit(() -> { }).get(30, TimeUnit.SECONDS);

        assertThat(taken.availablePermits()).isZero();
    }

    @Test
    void who_is_far_behind_asks_for_no_turn() throws Exception {
        AtomicBoolean asked = new AtomicBoolean();
        Semaphore turns = new Semaphore(0) {
            @Override
            public boolean tryAcquire(long time, TimeUnit unit) {
                asked.set(true);
                return false;
            }
        };
        Gathering views = new Gathering(1, new AxonThreadFactory("far behind"), new Manner(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ZERO,
                () -> true, turns), now::get);
        others.add(views);

        Future<?> batch = told(views);
        now.set(Gathering.MOST_BEHIND.toNanos());
        views.isAwaited();
        batch.get(30, TimeUnit.SECONDS);
        assertThat(asked).isFalse();

        views.submit(() -> views.schedule(() -> { }, 1, TimeUnit.HOURS)).get(30, TimeUnit.SECONDS);
        Future<?> next = told(views);
        views.isAwaited();
        next.get(30, TimeUnit.SECONDS);
        assertThat(asked).isTrue();
    }

    private Gathering stepsBack(AtomicBoolean othersFirst, Semaphore turns) {
        Gathering made = new Gathering(1, new AxonThreadFactory("steps back"), new Manner(Duration.ZERO, Duration.ZERO, Duration.ZERO, othersFirst::get, turns),
                System::nanoTime);
        others.add(made);
        return made;
    }

    private Gathering awaited(Duration time, Duration untilRead) {
        Gathering made = new Gathering(1, new AxonThreadFactory("awaited"), new Manner(time, time, untilRead, () -> false, null), now::get);
        others.add(made);
        return made;
    }

    private static ScheduledFuture<?> told(Gathering views) {
        return views.schedule(() -> { }, 0, TimeUnit.MILLISECONDS);
    }

    private static void awaited(Gathering views, int times) {
        IntStream.range(0, times).forEach(each -> views.isAwaited());
    }

    /** The batch waits for them behind another, and what could not be read before can be afterwards. */
    private void serveTogether(int customers, Gathering views) throws Exception {
        CountDownLatch begin = new CountDownLatch(1);
        views.schedule(() -> begin.await(30, TimeUnit.SECONDS), 1, TimeUnit.NANOSECONDS);
        Future<?> batch = told(views);
        awaited(views, customers);
        begin.countDown();
        batch.get(30, TimeUnit.SECONDS);
        now.addAndGet(Duration.ofHours(1).toNanos());
    }

    /** How long until its next batch; no time if it was handled. */
    private static Duration next(Gathering views) {
        return views.getQueue().peek() instanceof Delayed next ? left(next) : Duration.ZERO;
    }

    private static Duration left(Delayed batch) {
        return Duration.ofNanos(batch.getDelay(TimeUnit.NANOSECONDS));
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
