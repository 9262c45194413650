package jangter.benchmarks;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be measured, and how.
 *
 * @param seconds how long each system is measured in each scenario, roughly, all rounds together
 * @param warmUp for how many seconds of CPU time each system works at least before it is measured, until it is not getting faster any more; with 0 it is
 *     measured nearly cold
 * @param rounds into how many rounds a measurement is divided, in which the systems take turns
 * @param clients how many requests are under way at once
 * @param past up to how many past orders the history is measured at: 10,000, 100,000 and so on
 * @param apart whether the services, and the servers that they need, are started as a process each rather than all in one
 * @param against a running system; nothing to start one
 * @param axonServer the Axon Server of that running system
 * @param out the file for the results
 * @param beside options for the JVM of a second shop, all in one, which takes turns with the first: {@code -D…} settings, whose worth is measured so
 * @param yardsticks whether the monolith and the two-phase commit are measured too
 * @param profile whether a recording tells where the time goes
 */
record Options(List<ScenarioName> scenarios, int seconds, int warmUp, int rounds, int clients, int past, boolean apart, @Nullable URI against, String axonServer, Path out,
        List<String> beside, boolean yardsticks, boolean profile) {

    static final String USAGE = """
            ./run bench [--scenario NAME]… [--seconds N] [--warm-up CPU-SECONDS] [--rounds N] [--clients N] [--past ORDERS] [--out FILE.json]
                        [--beside JVM-OPTION]… [--no-yardsticks] [--no-profile] [--apart]
                        [--against http://HOST:PORT --axon-server HOST:PORT]
            ./run bench --compare BEFORE.json AFTER.json
            Scenarios: %s. Without any, all but history.
            --apart starts each service, and each server that it needs, as a process of its own.""".formatted(ScenarioName.all());

    /** @throws CannotMeasureException if they make no sense */
    static Options parse(String... arguments) {
        List<ScenarioName> scenarios = new ArrayList<>();
        int seconds = 20;
        int warmUp = 90;
        int rounds = 3;
        int clients = 32;
        int past = 100_000;
        boolean apart = false;
        URI against = null;
        String axonServer = "127.0.0.1:8124";
        Path out = Path.of("bench.json");
        List<String> beside = new ArrayList<>();
        boolean yardsticks = true;
        boolean profile = true;
        for (Iterator<String> left = List.of(arguments).iterator(); left.hasNext();) {
            String option = left.next();
            switch (option) {
                case "--scenario" -> scenarios.add(ScenarioName.of(value(option, left)));
                case "--seconds" -> seconds = number(option, left, 1, 3600);
                case "--warm-up" -> warmUp = number(option, left, 0, 3600);
                case "--rounds" -> rounds = number(option, left, 1, 100);
                case "--clients" -> clients = number(option, left, 1, 500);
                case "--past" -> past = number(option, left, 1_000, 1_000_000);
                case "--apart" -> apart = true;
                case "--against" -> against = address(value(option, left));
                case "--axon-server" -> axonServer = value(option, left);
                case "--beside" -> beside.add(value(option, left));
                case "--out" -> out = Path.of(value(option, left));
                case "--no-yardsticks" -> yardsticks = false;
                case "--no-profile" -> profile = false;
                default -> throw new CannotMeasureException("There is no option " + option + ".\n" + USAGE);
            }
        }
        if (apart && against != null) {
            throw new CannotMeasureException("--apart starts a system, and --against names one that runs: leave out one of the two.");
        }
        return new Options(scenarios.isEmpty() ? ScenarioName.usual() : List.copyOf(scenarios), seconds, warmUp, rounds, clients, past, apart, against,
                axonServer, out, List.copyOf(beside), yardsticks, profile);
    }

    private static String value(String option, Iterator<String> left) {
        if (!left.hasNext()) {
            throw new CannotMeasureException(option + " needs a value.\n" + USAGE);
        }
        return left.next();
    }

    private static int number(String option, Iterator<String> left, int least, int most) {
        String value = value(option, left);
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notOne) {
            // told below
        }
        throw new CannotMeasureException(option + " takes a number from " + least + " to " + most + ", not \"" + value + "\".");
    }

    private static URI address(String value) {
        try {
            URI address = URI.create(value);
            if ("http".equals(address.getScheme()) && address.getHost() != null) {
                return address;
            }
        } catch (IllegalArgumentException notOne) {
            // told below
        }
        throw new CannotMeasureException("--against takes an address such as http://127.0.0.1:8080, not \"" + value + "\".");
    }
}
