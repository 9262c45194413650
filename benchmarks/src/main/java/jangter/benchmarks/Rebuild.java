package jangter.benchmarks;

import jangter.benchmarks.Measurement.Percentiles;
import jangter.benchmarks.Shop.Processor;
import jangter.benchmarks.WarmUp.Until;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Builds every view anew beside the copy that is read, one after the other, from the first event of the store. Timed until it has caught up. A store that
 * has few events is given more before. All views once are a pass; the first passes warm the shop up, those that follow are the rounds.
 */
final class Rebuild {

    private static final Duration PATIENCE = Duration.ofHours(1);
    /** Beginning and ending take a quarter of a second or more, which should be little beside the rest. */
    private static final int FEWEST_EVENTS = 100_000;
    private static final int PASSES_NO_FASTER = 2;
    private static final Duration LONGEST_WARM_UP = Duration.ofMinutes(5);
    private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(20);
    /** A look takes the shop 1 to 3 ms of CPU time: it is looked often, but not before so much of the quickest time is over. */
    private static final double NOT_BEFORE = 0.9;

    private final Shop shop;
    private final Options options;
    private final Runnable more;
    private final PrintStream out;
    private final Map<String, Built> quickest = new HashMap<>();
    private Duration used = Duration.ZERO;

    /** @param more makes some thousand more events */
    Rebuild(Shop shop, Options options, Runnable more, PrintStream out) {
        this.shop = shop;
        this.options = options;
        this.more = more;
        this.out = out;
    }

    /** What it took to build one view anew from so many events; the whole store's, whether or not they concern the view. */
    record Built(String view, long events, double seconds, double cpuMillis) {

        double perSecond() {
            return events / seconds;
        }
    }

    List<Measurement> measure() {
        while (shop.bus().head() < FEWEST_EVENTS) {
            more.run();
            out.printf("  rebuild: %,d events to build views from%n", shop.bus().head() + 1);
        }
        shop.rest();
        List<String> views = shop.processors().stream().filter(processor -> processor.replayable() && processor.name().endsWith("-views")).map(Processor::name).toList();
        new WarmUp(out).up("rebuild", new Until(options.warmUp(), PASSES_NO_FASTER, LONGEST_WARM_UP), () -> used, () -> perSecond(pass(views, "warm-up")));
        List<Built> measured = new ArrayList<>();
        for (int i = 0; i < options.rounds(); i++) {
            measured.addAll(pass(views, "round " + (i + 1)));
        }
        double load = Turns.machineLoad();
        return views.stream().map(view -> measurement(measured.stream().filter(built -> built.view().equals(view)).toList(), shop.name(), shop.durability(), load)).toList();
    }

    /** The median rate of one view's rounds, and what an event took over all of them. */
    static Measurement measurement(List<Built> rounds, String system, String durability, double load) {
        int events = Math.toIntExact(rounds.stream().mapToLong(Built::events).sum());
        return new Measurement("rebuild " + rounds.get(0).view(), system, durability, events, Measurement.median(rounds.stream().map(Built::perSecond).toList()),
                new Percentiles(0, 0, 0, 0), rounds.stream().mapToDouble(Built::cpuMillis).sum() / events, load, Map.of("events", events));
    }

    private List<Built> pass(List<String> views, String name) {
        List<Built> built = views.stream().map(this::build).toList();
        built.forEach(one -> out.printf("  rebuild, %s, %s: %,d events in %.2f s, %,.0f/s, CPU %.3f ms each%n", name, one.view(), one.events(), one.seconds(),
                one.perSecond(), one.cpuMillis() / one.events()));
        return built;
    }

    /** Of all views together. */
    static double perSecond(List<Built> pass) {
        return pass.stream().mapToLong(Built::events).sum() / pass.stream().mapToDouble(Built::seconds).sum();
    }

    private Built build(String view) {
        shop.rest();
        long events = shop.bus().head() + 1;
        Duration before = shop.cpu();
        long begun = System.nanoTime();
        shop.buildAnew(view);
        Program.pause(notBefore(view, events));
        awaitEndOf(view, Set.of("BUILDING"), begun);
        double seconds = (System.nanoTime() - begun) / 1e9;
        Duration cpu = shop.cpu().minus(before);
        used = used.plus(cpu);
        String end = awaitEndOf(view, Set.of("BUILDING", "COMPARING"), begun);
        if (!end.equals("SWITCHED")) {
            throw new CannotMeasureException(view + " is not the same when it is built anew: " + end);
        }
        Built built = new Built(view, events, seconds, cpu.toNanos() / 1e6);
        quickest.merge(view, built, (one, other) -> one.perSecond() > other.perSecond() ? one : other);
        return built;
    }

    /** So long it has taken yet: to look any sooner would only cost. */
    private Duration notBefore(String view, long events) {
        Built best = quickest.get(view);
        return best == null ? Duration.ZERO : Duration.ofNanos((long) (NOT_BEFORE * 1e9 * events / best.perSecond()));
    }

    private String awaitEndOf(String view, Set<String> states, long begun) {
        String state = shop.processor(view).rebuild();
        while (states.contains(state)) {
            if (System.nanoTime() - begun > PATIENCE.toNanos()) {
                throw new CannotMeasureException(view + " is not built anew in time.");
            }
            Program.pause(LOOK_AGAIN_AFTER);
            state = shop.processor(view).rebuild();
        }
        return state;
    }
}
