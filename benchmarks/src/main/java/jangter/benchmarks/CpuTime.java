package jangter.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** How much CPU time processes have used. */
final class CpuTime {

    private static final long TICK_MILLIS = 10;
    /** After the command's name in brackets: user, system, and both of the children that have ended. */
    private static final int FIRST = 11;
    private static final int LAST = 14;

    private CpuTime() {
    }

    /** That of a process and all that it has started, as far as they can be seen; to hundredths of a second. */
    static Duration ofTree(ProcessHandle root) {
        return Stream.concat(Stream.of(root), root.descendants()).map(CpuTime::of).reduce(Duration.ZERO, Duration::plus);
    }

    private static Duration of(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
            return ofStat(stat);
        } catch (IOException gone) {
            return process.info().totalCpuDuration().orElse(Duration.ZERO);
        }
    }

    static Duration ofStat(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks = 0;
        for (int field = FIRST; field <= LAST; field++) {
            ticks += Long.parseLong(fields[field]);
        }
        return Duration.ofMillis(ticks * TICK_MILLIS);
    }
}
