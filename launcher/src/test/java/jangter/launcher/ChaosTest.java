package jangter.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lets the shop run as many processes, lets things go wrong, and looks whether anything was lost. */
class ChaosTest {

    @TempDir
    Path folder;

    @Test
    void every_process_killed_once_nothing_is_lost() {
        Chaos.Result result = Chaos.run(ArchivedClasses.get(), folder, Chaos.Settings.briefly(seed()), System.out);

        assertThat(result.violations()).as(result.report()).isZero();
        assertThat(result.faults()).isGreaterThanOrEqualTo(7);
    }

    /** {@code ./mvnw verify -Pchaos}. */
    @Test
    @Tag("chaos")
    void two_minutes_of_everything_going_wrong_nothing_is_lost() {
        Chaos.Result result = Chaos.run(ArchivedClasses.get(), folder, Chaos.Settings.forAbout(Duration.ofMinutes(2), seed()), System.out);

        assertThat(result.violations()).as(result.report()).isZero();
    }

    /** Another one: {@code -Dseed=2}. */
    private static long seed() {
        return Long.getLong("seed", 1);
    }
}
