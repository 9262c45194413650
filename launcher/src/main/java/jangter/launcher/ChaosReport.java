package jangter.launcher;

import jangter.proof.Report;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** What happened in a chaos run, as it happens and in the end. */
final class ChaosReport {

    /** What must not be exceeded. */
    static final Duration BAR = Duration.ofSeconds(30);

    private final PrintStream out;
    private final long begun = System.nanoTime();
    private final List<Happened> timeline = new ArrayList<>();
    private final Map<String, Recovery> recoveries = new TreeMap<>();
    private final List<String> violations = new ArrayList<>();
    private final List<String> checked = new ArrayList<>();

    private record Happened(long at, String what, Fault.Outcome outcome) {
    }

    /** How the checkouts recovered from the kills of one kind of process. */
    private record Recovery(int kills, int checkouts, Duration longest) {

        Recovery and(Recovery other) {
            return new Recovery(kills + other.kills, checkouts + other.checkouts, longest.compareTo(other.longest) > 0 ? longest : other.longest);
        }
    }

    ChaosReport(PrintStream out) {
        this.out = out;
    }

    synchronized void happened(Fault fault, long at, Fault.Outcome outcome) {
        timeline.add(new Happened(at - begun, fault.toString(), outcome));
        out.printf(Locale.ROOT, "  %7s  %-45s %s%n", clock(at - begun), fault, outcome.note());
    }

    synchronized void recovered(String kind, int checkouts, Duration recovery) {
        recoveries.merge(kind, new Recovery(1, checkouts, recovery), Recovery::and);
        if (recovery.compareTo(BAR) > 0) {
            violated("after a kill of " + kind + " it took " + seconds(recovery.toNanos()) + " until all checkouts were finished");
        }
    }

    synchronized void violated(String what) {
        violations.add(what);
        out.println("  VIOLATED " + what);
    }

    /** Something was looked at, and this is what was found. */
    synchronized void checked(String what) {
        checked.add(what);
        out.println("  " + what);
    }

    synchronized long violations() {
        return violations.size();
    }

    synchronized int faults() {
        return timeline.size();
    }

    /** The whole report, as Markdown. */
    synchronized String markdown(String title, Report shop, Map<String, LongAdder> outcomes) {
        StringBuilder text = new StringBuilder("# ").append(title).append("\n\n");
        text.append("%d faults, **%d violations**. %,d events, %,d orders placed; %,d payments requested: %,d completed, %,d failed, %d parked, %d under way at the end.%n%n"
                .formatted(timeline.size(), violations.size(), shop.events(), shop.placed(), shop.requested(), shop.completed(), shop.failed(),
                        shop.parked().size(), shop.unfinished().size()));
        violations.forEach(violation -> text.append("- VIOLATED: ").append(violation).append('\n'));
        table(text, "What customers saw", "outcome", "orders", counts(outcomes));
        table(text, "Faults", "kind", "times", faultsByKind());
        text.append("## Recovery\n\nFrom a killed process being healthy again until every checkout that was under way at the kill was finished; the bar is ")
                .append(BAR.toSeconds()).append(" s.\n\n| process | kills | checkouts under way | longest |\n|---|---:|---:|---:|\n");
        recoveries.forEach((kind, recovery) -> text.append("| %s | %d | %d | %s |%n".formatted(kind, recovery.kills(), recovery.checkouts(),
                seconds(recovery.longest().toNanos()))));
        text.append("\n## What was looked at in the end\n\n");
        checked.forEach(found -> text.append("- ").append(found).append('\n'));
        text.append("\n## Timeline\n\n| at | fault | what came of it |\n|---:|---|---|\n");
        timeline.forEach(happened -> text.append("| %s | %s | %s |%n".formatted(clock(happened.at()), happened.what(), happened.outcome().note())));
        return text.toString();
    }

    private Map<String, String> faultsByKind() {
        Map<String, Integer> kinds = new TreeMap<>();
        timeline.forEach(happened -> kinds.merge(happened.outcome().kind(), 1, Integer::sum));
        Map<String, String> told = new TreeMap<>();
        kinds.forEach((kind, times) -> told.put(kind, String.valueOf(times)));
        return told;
    }

    private static Map<String, String> counts(Map<String, LongAdder> outcomes) {
        Map<String, String> told = new TreeMap<>();
        outcomes.forEach((outcome, times) -> told.put(outcome, "%,d".formatted(times.sum())));
        return told;
    }

    private static void table(StringBuilder text, String title, String of, String number, Map<String, String> rows) {
        text.append("\n## %s\n\n| %s | %s |\n|---|---:|\n".formatted(title, of, number));
        rows.forEach((row, count) -> text.append("| ").append(row).append(" | ").append(count).append(" |\n"));
        text.append('\n');
    }

    static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }

    private static String clock(long nanos) {
        Duration time = Duration.ofNanos(nanos);
        return String.format(Locale.ROOT, "%d:%02d", time.toMinutes(), time.toSecondsPart());
    }
}
