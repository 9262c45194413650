package jangter.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import jangter.proof.RandomWorld.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
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
                totals.add(played(seed, Mutation.NONE, clock));
                if (only != null) {
                    System.out.println(String.join("\n", traced(seed, Mutation.NONE, clock)));
                }
            }
        }
        System.out.println(totals.told(Duration.ofNanos(System.nanoTime() - started)));
        if (only == null && WORLDS >= 1_000) {
            assertThat(totals.completed).isPositive();
            assertThat(totals.failed).isPositive();
        }
    }

    @Test
    void a_world_that_does_not_end_well_tells_what_happened_in_it_and_how_to_play_it_again() {
        Mutation idle = new Mutation() {
            @Override
            boolean keepsTime() {
                return false;
            }
        };
        try (SimulatedClock clock = new SimulatedClock()) {
            assertThatThrownBy(() -> LongStream.rangeClosed(1, 100).forEach(seed -> played(seed, idle, clock))).isInstanceOf(AssertionError.class)
                    .hasMessageContaining("stored: PaymentRequested").hasMessageContaining("AT_REST_NOTHING_IS_UNFINISHED")
                    .hasMessageContaining("-Dseed=");
        }
    }

    private static Ending played(long seed, Mutation mutation, SimulatedClock clock) {
        Ending ending;
        try {
            ending = RandomWorld.play(seed, mutation, clock, null);
        } catch (RuntimeException | AssertionError broken) {
            throw new AssertionError(told(seed, mutation, clock) + "An aggregate broke.", broken);
        }
        if (!ending.isWell()) {
            fail("%s%s%s", told(seed, mutation, clock), ending.report(),
                    ending.rests() ? "" : " It does not come to rest, or other checkouts are parked than those that are told.");
        }
        return ending;
    }

    private static String told(long seed, Mutation mutation, SimulatedClock clock) {
        return "World " + seed + " does not end well:\n" + String.join("\n", traced(seed, mutation, clock)) + "\nPlay it again with "
                + command(seed) + "\n";
    }

    /** Plays it again, this time telling what happens. */
    private static List<String> traced(long seed, Mutation mutation, SimulatedClock clock) {
        List<String> trace = new ArrayList<>();
        try {
            RandomWorld.play(seed, mutation, clock, trace::add);
        } catch (RuntimeException | AssertionError broken) {
            trace.add("BROKEN: " + broken);
        }
        return trace;
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
