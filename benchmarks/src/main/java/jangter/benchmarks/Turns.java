package jangter.benchmarks;

import jangter.benchmarks.Measurement.Round;
import jangter.benchmarks.WarmUp.Until;
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
 * <p>Before, each is warmed up. Orders are placed between the turns, and what a turn sets off is waited for: its CPU time counts, its time
 * does not.
 */
final class Turns {

    private static final int WARM_UP_ORDERS = 1_000;
    private static final int FEWEST_ORDERS = 100;
    private static final Duration LONGEST_WARM_UP = Duration.ofMinutes(20);
    static final int ROUNDS_NO_FASTER = 12;

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
            orders.put(target, ordersARound(warmUp(target, new Until(options.warmUp(), ROUNDS_NO_FASTER, LONGEST_WARM_UP)).perSecond()));
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

    /** How warm it got, and how many checkouts that took. */
    record Warmed(double perSecond, int orders, boolean isWarm) {
    }

    Warmed warmUp(Target target, Until until) {
        int orders = Math.min(WARM_UP_ORDERS, FEWEST_ORDERS * options.seconds());
        WarmUp.Warm warm = new WarmUp(out).up(target.name(), until, target::cpu, () -> round(target, orders).perSecond());
        return new Warmed(warm.perSecond(), warm.rounds() * orders, warm.isWarm());
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
