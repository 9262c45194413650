package jangter.benchmarks;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Lets a system work until it is not getting faster any more: a JVM that is cold takes several times as long for everything. */
final class WarmUp {

    /** Who was not faster than ever by more than this is no faster. */
    private static final double FASTER = 1.05;

    private final PrintStream out;
    private final LongSupplier nanoTime;

    WarmUp(PrintStream out) {
        this(out, System::nanoTime);
    }

    WarmUp(PrintStream out, LongSupplier nanoTime) {
        this.out = out;
        this.nanoTime = nanoTime;
    }

    /**
     * When it is warm.
     *
     * @param cpuSeconds the CPU time that it has used at least; 0 for one round and no more
     * @param roundsNoFaster in so many rounds one after the other it was no faster than ever
     * @param longest after which it goes on as it is
     */
    record Until(int cpuSeconds, int roundsNoFaster, Duration longest) {
    }

    /**
     * How it ended.
     *
     * @param perSecond of the last round
     * @param isWarm whether it has worked for long enough and was getting no faster
     */
    record Warm(double perSecond, int rounds, boolean isWarm) {
    }

    /**
     * Lets it work. Of whose CPU time nothing is known works for one round.
     *
     * @param round works for a while, and says how much it did a second
     */
    Warm up(String who, Until until, Supplier<Duration> cpu, DoubleSupplier round) {
        long begun = nanoTime.getAsLong();
        Duration before = cpu.get();
        double perSecond = round.getAsDouble();
        boolean isKnown = !cpu.get().equals(before);
        double best = perSecond;
        int rounds = 1;
        int noFaster = 0;
        while (isKnown && until.cpuSeconds() > 0 && !isWarm(until, cpu.get(), noFaster) && nanoTime.getAsLong() - begun < until.longest().toNanos()) {
            out.printf("  %s warms up: %,.0f/s after %d s of CPU time%n", who, perSecond, cpu.get().toSeconds());
            perSecond = round.getAsDouble();
            rounds++;
            noFaster = perSecond > FASTER * best ? 0 : noFaster + 1;
            best = Math.max(best, perSecond);
        }
        boolean isWarm = isKnown && until.cpuSeconds() > 0 && isWarm(until, cpu.get(), noFaster);
        out.printf("  %s %s after %d s of CPU time: %,.0f/s%n", who, isWarm ? "is warm" : "may not be warm", cpu.get().toSeconds(), perSecond);
        return new Warm(perSecond, rounds, isWarm);
    }

    private static boolean isWarm(Until until, Duration cpu, int noFaster) {
        return cpu.toSeconds() >= until.cpuSeconds() && noFaster >= until.roundsNoFaster();
    }
}
