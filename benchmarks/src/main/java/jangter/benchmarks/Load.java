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

    private final int operations;
    private final IntFunction<Mono<String>> operation;
    private final CountDownLatch unanswered;
    private final ConcurrentHistogram nanos = new ConcurrentHistogram(LONGEST.toNanos(), DIGITS);
    private final Map<String, AtomicInteger> outcomes = new ConcurrentHashMap<>();

    private Load(int operations, IntFunction<Mono<String>> operation) {
        this.operations = operations;
        this.operation = operation;
        this.unanswered = new CountDownLatch(operations);
    }

    /**
     * What came of it.
     *
     * @param nanos the latencies, coordinated omission accounted for
     * @param outcomes how often there was which; what failed counts under its exception's name
     */
    record Taken(int operations, Duration time, Histogram nanos, Map<String, Integer> outcomes) {

        double perSecond() {
            return operations / (time.toNanos() / 1e9);
        }

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
        Load load = new Load(operations, operation);
        AtomicInteger next = new AtomicInteger();
        int atOnce = Math.min(clients, operations);
        long begun = System.nanoTime();
        for (int client = 0; client < atOnce; client++) {
            load.new Client(next).askAgain();
        }
        load.awaitAnswers();
        Duration time = Duration.ofNanos(System.nanoTime() - begun);
        return load.taken(time, corrected(load.nanos, Math.max(1, time.toNanos() / operations * atOnce)));
    }

    /** So many operations a second, whether or not those before were answered. */
    static Taken open(double perSecond, int operations, IntFunction<Mono<String>> operation) {
        Load load = new Load(operations, operation);
        long begun = System.nanoTime();
        for (int number = 0; number < operations; number++) {
            long meant = begun + (long) (number * 1e9 / perSecond);
            for (long early = meant - System.nanoTime(); early > 0; early = meant - System.nanoTime()) {
                LockSupport.parkNanos(early);
            }
            load.ask(number, meant, () -> { });
        }
        load.awaitAnswers();
        return load.taken(Duration.ofNanos(System.nanoTime() - begun), load.nanos);
    }

    /** As if every client had asked again after the usual time, while it waited for longer. */
    static Histogram corrected(Histogram nanos, long usual) {
        return nanos.copyCorrectedForCoordinatedOmission(usual);
    }

    /** Asks for one thing after the other, of those that nobody has asked for yet. */
    private final class Client {

        private final AtomicInteger next;
        /** More than one if an answer came before the asking was over: then it is asked again when it is, not from within. */
        private final AtomicInteger turns = new AtomicInteger();

        Client(AtomicInteger next) {
            this.next = next;
        }

        void askAgain() {
            if (turns.getAndIncrement() == 0) {
                do {
                    int number = next.getAndIncrement();
                    if (number < operations) {
                        ask(number, System.nanoTime(), this::askAgain);
                    }
                } while (turns.decrementAndGet() > 0);
            }
        }
    }

    private void ask(int number, long meant, Runnable afterwards) {
        Mono.defer(() -> operation.apply(number)).defaultIfEmpty("nothing").subscribe(outcome -> answered(outcome, meant, afterwards),
                failure -> answered(failure.getClass().getSimpleName(), meant, afterwards));
    }

    private void answered(String outcome, long meant, Runnable afterwards) {
        nanos.recordValue(Math.min(System.nanoTime() - meant, LONGEST.toNanos()));
        outcomes.computeIfAbsent(outcome, word -> new AtomicInteger()).incrementAndGet();
        afterwards.run();
        unanswered.countDown();
    }

    private void awaitAnswers() {
        try {
            unanswered.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotMeasureException("Interrupted.");
        }
    }

    private Taken taken(Duration time, Histogram counted) {
        return new Taken(operations, time, counted, outcomes.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().get(), (a, b) -> a, TreeMap::new)));
    }
}
