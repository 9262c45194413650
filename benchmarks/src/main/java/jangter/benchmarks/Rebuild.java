package jangter.benchmarks;

import jangter.benchmarks.Measurement.Percentiles;
import jangter.benchmarks.Shop.Processor;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Builds every view anew beside the copy that is read, one after the other, from the first event of the store. Timed until it has caught up. A store that
 * has few events is given more before.
 */
final class Rebuild {

    private static final Duration PATIENCE = Duration.ofHours(1);
    /** Beginning and ending take more than a second, which should be little beside the rest. */
    private static final int FEWEST_EVENTS = 100_000;

    private final Shop shop;
    private final Runnable more;
    private final PrintStream out;

    /** @param more makes some thousand more events */
    Rebuild(Shop shop, Runnable more, PrintStream out) {
        this.shop = shop;
        this.more = more;
        this.out = out;
    }

    List<Measurement> measure() {
        while (shop.bus().head() < FEWEST_EVENTS) {
            more.run();
            out.printf("  rebuild: %,d events to build views from%n", shop.bus().head() + 1);
        }
        shop.rest();
        return shop.processors().stream().filter(processor -> processor.replayable() && processor.name().endsWith("-views")).map(Processor::name)
                .map(this::measure).toList();
    }

    private Measurement measure(String name) {
        long head = shop.bus().head();
        Duration before = shop.cpu();
        long begun = System.nanoTime();
        Door.Answer answer = shop.door().post(shop.passes()::asStaff, "/actuator/processors/" + name, "{\"action\":\"reset\"}").block();
        if (answer == null || !answer.isGood()) {
            throw new CannotMeasureException(name + " cannot be built anew: " + answer);
        }
        waitUntilNoLonger(name, Set.of("BUILDING"), begun);
        double seconds = (System.nanoTime() - begun) / 1e9;
        double cpuMillis = shop.cpu().minus(before).toNanos() / 1e6;
        waitUntilNoLonger(name, Set.of("BUILDING", "COMPARING"), begun);
        out.printf("  %s: %,d events in %.1f s%n", name, head + 1, seconds);
        return new Measurement("rebuild " + name, "jangter", shop.durability(), (int) (head + 1), (head + 1) / seconds, new Percentiles(0, 0, 0, 0),
                cpuMillis / (head + 1), Turns.machineLoad(), Map.of("events", (int) (head + 1)));
    }

    private void waitUntilNoLonger(String name, Set<String> states, long begun) {
        while (states.contains(rebuild(name))) {
            if (System.nanoTime() - begun > PATIENCE.toNanos()) {
                throw new CannotMeasureException(name + " is not built anew in time.");
            }
            Program.pause();
        }
    }

    private String rebuild(String name) {
        return shop.processors().stream().filter(processor -> processor.name().equals(name)).map(Processor::rebuild).findFirst().orElseThrow();
    }
}
