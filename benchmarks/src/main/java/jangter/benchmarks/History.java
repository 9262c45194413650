package jangter.benchmarks;

import jangter.benchmarks.Measurement.Round;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Whether a checkout costs more when there were many before it. */
final class History {

    private static final int FIRST = 1_000;
    private static final int AT_ONCE = 5_000;
    /** What is measured is past afterwards: so small a part of it makes no difference. */
    private static final int PART = 10;
    private static final int FEWEST = 100;

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
        for (int wanted = FIRST; wanted <= options.past(); wanted *= 10) {
            while (past < wanted) {
                int more = Math.min(AT_ONCE, wanted - past);
                turns.round(target, more);
                past += more;
            }
            int each = Math.max(FEWEST, wanted / PART / options.rounds());
            List<Round> rounds = new ArrayList<>();
            for (int i = 0; i < options.rounds(); i++) {
                rounds.add(turns.round(target, each));
                past += each;
                out.printf("  history, %,d orders past: %,.0f/s, CPU %.2f ms each%n", past, rounds.get(i).perSecond(), rounds.get(i).cpuMillis() / each);
            }
            measured.add(Measurement.of("history " + wanted, target.name(), target.durability(), rounds, Turns.machineLoad()));
        }
        return measured;
    }
}
