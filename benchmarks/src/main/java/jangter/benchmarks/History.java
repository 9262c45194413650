package jangter.benchmarks;

import jangter.benchmarks.Measurement.Round;
import jangter.benchmarks.Turns.Warmed;
import jangter.benchmarks.WarmUp.Until;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Whether a checkout costs more when there were many before it. What warms the system up is past too, so it is measured first at as many orders as
 * that took: any fewer were measured cold. What is measured is past afterwards.
 */
final class History {

    /** With less a shop is still being compiled. */
    private static final int LEAST_WARM_UP = 300;
    private static final Duration LONGEST_WARM_UP = Duration.ofMinutes(30);
    private static final int SECOND_SIZE = 10_000;
    private static final int AT_ONCE = 5_000;
    private static final int A_ROUND = 2_000;

    private final Options options;
    private final Turns turns;
    private final PrintStream out;

    History(Options options, PrintStream out) {
        this.options = options;
        this.turns = new Turns(options, out);
        this.out = out;
    }

    List<Measurement> measure(Target target) {
        Warmed warmed = turns.warmUp(target, new Until(Math.max(LEAST_WARM_UP, options.warmUp()), Turns.ROUNDS_NO_FASTER, LONGEST_WARM_UP));
        if (!warmed.isWarm()) {
            out.println("  history: the first figures may be of a shop that is not warm, and say little beside the others");
        }
        List<Measurement> measured = new ArrayList<>();
        int past = warmed.orders();
        for (int size : sizes(past, options.past())) {
            while (past < size) {
                int more = Math.min(AT_ONCE, size - past);
                turns.round(target, more);
                past += more;
            }
            // the rounds before may have brought it beyond
            int truly = past;
            List<Round> rounds = new ArrayList<>();
            for (int i = 0; i < options.rounds(); i++) {
                Round round = turns.round(target, A_ROUND);
                out.printf("  history, %,d orders past: %,.0f/s, CPU %.2f ms each%n", past, round.perSecond(), round.cpuMillis() / A_ROUND);
                rounds.add(round);
                past += A_ROUND;
            }
            measured.add(Measurement.of("history " + truly, target.name(), target.durability(), rounds, Turns.machineLoad()));
        }
        out.println("  " + compared(measured, options.past()));
        return measured;
    }

    /** At how many past orders it is measured: as many as there are, then 10,000, 100,000 and so on, and at last as many as are asked for. */
    static List<Integer> sizes(int first, int last) {
        LongStream tens = LongStream.iterate(SECOND_SIZE, size -> size < last, size -> size * 10);
        return LongStream.concat(LongStream.of(first), LongStream.concat(tens, LongStream.of(last)).filter(size -> size > first)).mapToObj(Math::toIntExact).toList();
    }

    private static String compared(List<Measurement> measured, int asked) {
        Measurement first = measured.get(0);
        Measurement last = measured.get(measured.size() - 1);
        return measured.size() == 1 ? String.format("history: nothing to compare, since as many as %,d orders were past as soon as it was warm; --past takes more", asked)
                : String.format("%s : %s, rate × %.2f, CPU each × %.2f", last.scenario(), first.scenario(), last.perSecond() / first.perSecond(),
                        last.cpuMillis() / first.cpuMillis());
    }
}
