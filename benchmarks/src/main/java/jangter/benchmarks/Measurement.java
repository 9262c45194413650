package jangter.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * What was measured of one system in one scenario.
 *
 * @param durability what is on disk when an answer comes
 * @param perSecond the median of the rounds
 * @param millis percentiles of the latency, coordinated omission accounted for
 * @param cpuMillis CPU time an operation, of all processes but the one that makes the load, what they do afterwards included; 0 if unknown
 * @param load the machine's load average at the end: other work makes everything slower
 */
record Measurement(String scenario, String system, String durability, int operations, double perSecond, Percentiles millis, double cpuMillis,
        double load, Map<String, Integer> outcomes) {

    record Percentiles(double p50, double p99, double p999, double most) {

        static Percentiles of(Histogram nanos) {
            return new Percentiles(nanos.getValueAtPercentile(50) / 1e6, nanos.getValueAtPercentile(99) / 1e6,
                    nanos.getValueAtPercentile(99.9) / 1e6, nanos.getMaxValue() / 1e6);
        }
    }

    /**
     * One of the turns in which the systems are measured.
     *
     * @param cpuMillis of all operations together
     */
    record Round(Load.Taken taken, double cpuMillis) {

        double perSecond() {
            return taken.perSecond();
        }
    }

    static Measurement of(String scenario, String system, String durability, List<Round> rounds, double load) {
        Histogram nanos = new Histogram(rounds.get(0).taken().nanos());
        rounds.forEach(round -> nanos.add(round.taken().nanos()));
        int operations = rounds.stream().mapToInt(round -> round.taken().operations()).sum();
        Map<String, Integer> outcomes = rounds.stream().flatMap(round -> round.taken().outcomes().entrySet().stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Integer::sum, TreeMap::new));
        return new Measurement(scenario, system, durability, operations, median(rounds.stream().map(Round::perSecond).toList()),
                Percentiles.of(nanos), rounds.stream().mapToDouble(Round::cpuMillis).sum() / operations, load, outcomes);
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** Under which it is found again in another run. */
    String key() {
        return scenario + " / " + system;
    }

    String told() {
        return String.format("%-14s %-17s %,9.0f/s  p50 %8.2f  p99 %8.2f  p99.9 %8.2f ms  CPU %7.2f ms each  load %.1f  %s%n%28s%s", scenario, system,
                perSecond, millis.p50(), millis.p99(), millis.p999(), cpuMillis, load, outcomes, "", durability);
    }
}
