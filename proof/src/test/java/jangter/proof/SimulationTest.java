package jangter.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import jangter.proof.RandomWorld.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Thousands of small shops in which everything goes wrong. {@code -Dworlds=N} plays so many, {@code -Dseed=S} plays the one of that seed
 * and prints what happens in it.
 */
class SimulationTest {

    private static final int WORLDS = Integer.getInteger("worlds", 20_000);

    @Test
    void whatever_goes_wrong_nothing_is_lost() {
        Long only = Long.getLong("seed");
        long first = only == null ? 1 : only;
        long last = only == null ? WORLDS : only;
        long started = System.nanoTime();
        Totals totals = new Totals();
        try (SimulatedClock clock = new SimulatedClock()) {
            for (long seed = first; seed <= last; seed++) {
                Ending ending = played(seed, clock);
                if (!ending.isWell() || only != null) {
                    show(seed, clock, ending);
                }
                totals.add(ending);
            }
        }
        System.out.println(totals.told(Duration.ofNanos(System.nanoTime() - started)));
        if (only == null && WORLDS >= 1_000) {
            assertThat(totals.completed).isPositive();
            assertThat(totals.failed).isPositive();
        }
    }

    private static Ending played(long seed, SimulatedClock clock) {
        try {
            return RandomWorld.play(seed, Mutation.NONE, clock, null);
        } catch (RuntimeException | AssertionError broken) {
            throw new AssertionError("World " + seed + " broke. Play it again with " + command(seed), broken);
        }
    }

    /** Plays it again, this time telling what happens. */
    private static void show(long seed, SimulatedClock clock, Ending ending) {
        List<String> trace = new ArrayList<>();
        RandomWorld.play(seed, Mutation.NONE, clock, trace::add);
        System.out.println(String.join("\n", trace));
        if (!ending.isWell()) {
            fail("World %s does not end well%s: %s%nIts trace is printed above. Play it again with %s", seed,
                    ending.rests() ? "" : " (it does not rest, or what is parked is told wrongly)", ending.report(), command(seed));
        }
    }

    private static String command(long seed) {
        return "./mvnw -pl proof -am test -Dtest=SimulationTest -Dseed=" + seed + " -Dsurefire.failIfNoSpecifiedTests=false";
    }

    private static final class Totals {

        private long worlds;
        private long steps;
        private long events;
        private long requested;
        private long completed;
        private long failed;

        private void add(Ending ending) {
            worlds++;
            steps += ending.steps();
            events += ending.report().events();
            requested += ending.report().requested();
            completed += ending.report().completed();
            failed += ending.report().failed();
        }

        private String told(Duration took) {
            return worlds + " worlds, " + steps + " steps, " + events + " events, " + requested + " checkouts (" + completed + " completed, "
                    + failed + " failed) in " + took.toMillis() / 1_000.0 + " s";
        }
    }
}
