package jangter.benchmarks;

import jangter.benchmarks.Measurement.Round;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Measures the checkouts of several systems in turns, so that whatever else the machine does meanwhile meets all of them alike.
 *
 * <p>Before, each is warmed up: a JVM that is cold takes several times as long for everything. Orders are
 * placed between the turns, and what a turn sets off is waited for: its CPU time counts, its time does not.
 */
final class Turns {

    private static final int WARM_UP_ORDERS = 1_000;
    private static final int FEWEST_ORDERS = 100;
    private static final Duration LONGEST_WARM_UP = Duration.ofMinutes(10);
    /** Who was not faster than ever by more than this in so many rounds of its warm-up one after the other is warm. */
    private static final double FASTER = 1.05;
    private static final int ROUNDS_NO_FASTER = 5;

    private final Options options;
    private final PrintStream out;

    Turns(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    List<Measurement> take(String scenario, List<Target> targets) {
        Map<Target, List<Round>> rounds = new LinkedHashMap<>();
        Map<Target, Integer> orders = new LinkedHashMap<>();
        for (Target target : targets) {
            rounds.put(target, new ArrayList<>());
            orders.put(target, ordersARound(warmUp(target)));
        }
        for (int i = 0; i < options.rounds(); i++) {
            for (Target target : targets) {
                Round round = round(target, orders.get(target));
                rounds.get(target).add(round);
                out.printf("  %s %s, round %d: %,.0f/s, CPU %.2f ms each%n", scenario, target.name(), i + 1, round.perSecond(),
                        round.cpuMillis() / round.taken().operations());
            }
        }
        return targets.stream().map(target -> Measurement.of(scenario, target.name(), target.durability(), rounds.get(target), machineLoad())).toList();
    }

    /**
     * Works until it has used so much CPU time, and is not getting faster any more.
     *
     * @return how many checkouts it then does a second
     */
    double warmUp(Target target) {
        long begun = System.nanoTime();
        Duration before = target.cpu();
        Round round = round(target, Math.min(WARM_UP_ORDERS, FEWEST_ORDERS * options.seconds()));
        boolean known = !target.cpu().equals(before);
        double best = 0;
        int noFaster = 0;
        while (known && System.nanoTime() - begun < LONGEST_WARM_UP.toNanos()
                && (target.cpu().toSeconds() < options.warmUp() || noFaster < ROUNDS_NO_FASTER)) {
            noFaster = round.perSecond() > FASTER * best ? 0 : noFaster + 1;
            best = Math.max(best, round.perSecond());
            round = round(target, WARM_UP_ORDERS);
            out.printf("  %s warms up: %,.0f/s after %d s of CPU time%n", target.name(), round.perSecond(), target.cpu().toSeconds());
        }
        out.printf("  %s is warm after %d s of CPU time: %,.0f/s%n", target.name(), target.cpu().toSeconds(), round.perSecond());
        return round.perSecond();
    }

    private int ordersARound(double perSecond) {
        return Math.max(FEWEST_ORDERS, (int) (perSecond * options.seconds() / options.rounds()));
    }

    Round round(Target target, int orders) {
        target.place(orders);
        Duration before = target.cpu();
        Load.Taken taken = Load.closed(options.clients(), orders, number -> target.payNext())
                .allIn(Set.of(Target.COMPLETED, Target.REFUSED));
        target.rest();
        return new Round(taken, target.cpu().minus(before).toNanos() / 1e6);
    }

    static double machineLoad() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
