package jangter.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one run measured, as it is kept in a file.
 *
 * @param at when it began
 * @param machine cores and Java
 * @param invariants whether money, stock and coupons added up afterwards
 * @param profiles of each profiled scenario, into what its CPU samples fall, in hundredths
 */
record Results(String at, String machine, List<Measurement> measurements, String invariants, Map<String, Map<String, Double>> profiles) {

    private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    void write(Path file) {
        try {
            Files.writeString(file, JSON.writeValueAsString(this) + "\n");
        } catch (IOException unwritable) {
            throw new CannotMeasureException("Cannot write " + file.toAbsolutePath() + ".");
        }
    }

    static Results read(Path file) {
        try {
            return JSON.readValue(Files.readString(file), Results.class);
        } catch (IOException | JacksonException unreadable) {
            throw new CannotMeasureException("Cannot read results in " + file.toAbsolutePath() + ".");
        }
    }

    /** What the other run has in common with this one, as ratios: over 1 is more than before. */
    List<Ratio> to(Results after) {
        List<Ratio> ratios = new ArrayList<>();
        for (Measurement before : measurements) {
            after.measurements.stream().filter(other -> other.key().equals(before.key())).findFirst()
                    .ifPresent(other -> ratios.add(Ratio.of(before, other)));
        }
        return ratios;
    }

    /** What the second run has of each figure, for each one that the first has: 2 is twice as much. */
    record Ratio(String key, double perSecond, double p50, double p99, double cpuMillis) {

        static Ratio of(Measurement before, Measurement after) {
            return new Ratio(before.key(), ratio(before, after, Measurement::perSecond), ratio(before, after, of -> of.millis().p50()),
                    ratio(before, after, of -> of.millis().p99()), ratio(before, after, Measurement::cpuMillis));
        }

        private static double ratio(Measurement before, Measurement after, ToDoubleFunction<Measurement> figure) {
            return figure.applyAsDouble(after) / figure.applyAsDouble(before);
        }

        void print(PrintStream out) {
            out.printf("%-28s throughput × %.2f   p50 × %.2f   p99 × %.2f   CPU each × %.2f%n", key, perSecond, p50, p99, cpuMillis);
        }
    }
}
