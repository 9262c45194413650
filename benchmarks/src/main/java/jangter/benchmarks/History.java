package jangter.benchmarks;

import jangter.benchmarks.Measurement.Round;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Whether a checkout costs more when there were many before it. */
final class History {

    private static final List<Integer> PAST_ORDERS = List.of(1_000, 10_000, 100_000);
    private static final int AT_ONCE = 5_000;

    private final Options options;
    private final Turns turns;
    private final PrintStream out;

    History(Options options, PrintStream out) {
        this.options = options;
        this.turns = new Turns(options, out);
        this.out = out;
    }

    List<Measurement> measure(Target target) {
        turns.warmUp(target);
        List<Measurement> measured = new ArrayList<>();
        int past = 0;
        for (int wanted : PAST_ORDERS) {
            while (past < wanted) {
                int more = Math.min(AT_ONCE, wanted - past);
                turns.round(target, more);
                past += more;
            }
            out.printf("  %,d more orders are past%n", past);
            List<Round> rounds = new ArrayList<>();
            for (int i = 0; i < options.rounds(); i++) {
                rounds.add(turns.round(target, AT_ONCE));
                past += AT_ONCE;
            }
            measured.add(Measurement.of("history " + wanted, target.name(), target.durability(), rounds, Turns.machineLoad()));
        }
        return measured;
    }
}
