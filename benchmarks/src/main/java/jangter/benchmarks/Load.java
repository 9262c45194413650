package jangter.benchmarks;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Puts load on something, and measures how long each answer took.
 *
 * <p>Neither way leaves out those who would have come while the system hung (coordinated omission). At a constant rate everyone's time
 * counts from the moment they meant to come. Where clients ask again as soon as they are answered, an answer that took much longer than
 * the mean is counted with those that its client did not ask for meanwhile.
 */
final class Load {

    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int DIGITS = 3;

    private final ConcurrentHistogram nanos = new ConcurrentHistogram(LONGEST.toNanos(), DIGITS);
    private final Map<String, AtomicInteger> outcomes = new ConcurrentHashMap<>();

    private Load() {
    }

    /**
     * What came of it.
     *
     * @param nanos the latencies, coordinated omission accounted for
     * @param outcomes how often there was which; what failed counts under its exception's name
     */
    record Taken(int operations, Duration time, Histogram nanos, Map<String, Integer> outcomes) {

        /** @throws CannotMeasureException if anything else came of it: what is refused is fast, and no figure */
        Taken allIn(Set<String> expected) {
            if (!expected.containsAll(outcomes.keySet())) {
                throw new CannotMeasureException("Expected no more than " + expected + ", but came " + outcomes);
            }
            return this;
        }

        /** @throws CannotMeasureException if anything else came of it, or of one too many */
        Taken allAre(Map<String, Integer> expected) {
            if (!expected.equals(outcomes)) {
                throw new CannotMeasureException("Expected " + expected + ", but came " + outcomes);
            }
            return this;
        }
    }

    /**
     * So many clients, each of which asks again as soon as it is answered.
     *
     * @param operation does the operation of that number, and says what came of it
     */
    static Taken closed(int clients, int operations, IntFunction<Mono<String>> operation) {
        Load load = new Load();
        long begun = System.nanoTime();
        Flux.range(0, operations).flatMap(number -> load.timed(operation, number, System.nanoTime()), clients, 1).then().block();
        Duration time = Duration.ofNanos(System.nanoTime() - begun);
        long usual = Math.max(1, time.toNanos() / operations * Math.min(clients, operations));
        return load.taken(operations, time, corrected(load.nanos, usual));
    }

    /** So many operations a second, whether or not those before were answered. */
    static Taken open(double perSecond, int operations, IntFunction<Mono<String>> operation) {
        Load load = new Load();
        CountDownLatch unanswered = new CountDownLatch(operations);
        long begun = System.nanoTime();
        for (int number = 0; number < operations; number++) {
            long meant = begun + (long) (number * 1e9 / perSecond);
            for (long early = meant - System.nanoTime(); early > 0; early = meant - System.nanoTime()) {
                LockSupport.parkNanos(early);
            }
            load.timed(operation, number, meant).subscribe(done -> { }, failure -> unanswered.countDown(), unanswered::countDown);
        }
        try {
            unanswered.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotMeasureException("Interrupted.");
        }
        return load.taken(operations, Duration.ofNanos(System.nanoTime() - begun), load.nanos);
    }

    /** As if every client had asked again after the usual time, while it waited for longer. */
    static Histogram corrected(Histogram nanos, long usual) {
        return nanos.copyCorrectedForCoordinatedOmission(usual);
    }

    private Mono<Void> timed(IntFunction<Mono<String>> operation, int number, long meant) {
        return Mono.defer(() -> operation.apply(number))
                .onErrorResume(failure -> Mono.just(failure.getClass().getSimpleName()))
                .doOnNext(outcome -> {
                    nanos.recordValue(Math.min(System.nanoTime() - meant, LONGEST.toNanos()));
                    outcomes.computeIfAbsent(outcome, word -> new AtomicInteger()).incrementAndGet();
                }).then();
    }

    private Taken taken(int operations, Duration time, Histogram counted) {
        return new Taken(operations, time, counted, outcomes.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().get(), (a, b) -> a, TreeMap::new)));
    }
}
