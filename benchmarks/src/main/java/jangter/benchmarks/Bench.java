package jangter.benchmarks;

import jangter.benchmarks.yardstick.Postgres;
import jangter.benchmarks.yardstick.PostgresAddress;
import jangter.benchmarks.yardstick.Yardstick;
import jangter.benchmarks.yardstick.YardstickServer;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/** {@code ./run bench}: measures the shop, and yardsticks beside it, and writes down what was measured. */
public final class Bench implements AutoCloseable {

    /** The word by which this program starts itself once more as a yardstick's server. */
    static final String YARDSTICK = "yardstick";
    private static final int PAST_CHECKOUTS = 1_000;

    private final Options options;
    private final PrintStream out;
    private final Instant start;
    private final String run;
    private final Path folder;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final List<Measurement> measurements = new ArrayList<>();
    private final Map<String, Map<String, Double>> profiles = new LinkedHashMap<>();
    private volatile boolean isClosed;

    private Bench(Options options, PrintStream out, Instant start) {
        this.options = options;
        this.out = out;
        this.start = start;
        this.run = HexFormat.of().toHexDigits(start.toEpochMilli(), 11);
        this.folder = temporary("jangter-bench");
    }

    public static void main(String[] arguments) {
        System.setProperty("axoniq.update-checker.disabled", "true");
        LoggingSystem.get(Bench.class.getClassLoader()).setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.ERROR);
        try {
            if (arguments.length == 3 && arguments[0].equals("--compare")) {
                Results.read(Path.of(arguments[1])).to(Results.read(Path.of(arguments[2]))).forEach(ratio -> ratio.print(System.out));
            } else if (arguments.length > 0 && arguments[0].equals(YARDSTICK)) {
                serveYardstick(arguments);
            } else {
                Bench bench = new Bench(Options.parse(arguments), System.out, Instant.now());
                // also when it is interrupted
                Runtime.getRuntime().addShutdownHook(new Thread(bench::close));
                bench.measure();
            }
            System.exit(0);
        } catch (CannotMeasureException cannot) {
            System.err.println(cannot.getMessage());
            System.exit(1);
        } catch (RuntimeException bug) {
            // threads that wait for messages would keep it running
            bug.printStackTrace();
            System.exit(1);
        }
    }

    private static void serveYardstick(String... arguments) {
        Yardstick yardstick = Yardstick.named(arguments[1]).orElseThrow();
        PostgresAddress postgres = new PostgresAddress(Integer.parseInt(arguments[2]), arguments[3]);
        YardstickServer.start(yardstick, postgres, Path.of(arguments[4]), Integer.parseInt(arguments[5])).awaitEnd();
    }

    private void measure() {
        Shop shop = open(this::shop);
        if (options.profile()) {
            shop.process().ifPresentOrElse(Profile::prepare, () -> out.println("No profile: " + (shop.isApart() ? "of processes apart each would show a part only."
                    : "the process was not started here.")));
        }
        List<String> failed = new ArrayList<>();
        for (ScenarioName scenario : options.scenarios()) {
            out.println(scenario.word() + " …");
            try {
                List<Measurement> measured = measure(scenario, shop);
                measurements.addAll(measured);
                measured.forEach(measurement -> out.println(measurement.told()));
            } catch (RuntimeException failure) {
                if (isClosed) {
                    throw new CannotMeasureException("Interrupted.");
                }
                out.println("  FAILED: " + (failure instanceof CannotMeasureException ? failure.getMessage() : failure.toString()));
                failed.add(scenario.word());
            }
        }
        String invariants = shop.check();
        out.println("Invariants: " + invariants);
        new Results(start.toString(), machine(), measurements, invariants, profiles).write(options.out());
        out.println("Written to " + options.out() + ".");
        if (!failed.isEmpty()) {
            throw new CannotMeasureException("There are no figures of " + failed + ": see above.");
        }
    }

    private Shop shop() {
        if (options.against() != null) {
            return Shop.at(options.against(), options.axonServer(), folder);
        }
        return options.apart() ? Shop.startApart(folder) : Shop.start(folder, List.of());
    }

    private List<Measurement> measure(ScenarioName scenario, Shop shop) {
        return switch (scenario) {
            case CHECKOUTS -> checkouts(shop);
            case CHECKOUTS_BUS -> checkouts(scenario, shop, List.of(ours(shop.named("jangter-bus"), shop, Workload.SPREAD, false)));
            case HOT_PRODUCT -> checkouts(scenario, shop,
                    List.of(ours(shop.named("spread"), shop, Workload.SPREAD, true), ours(shop.named("hot"), shop, Workload.HOT, true)));
            case COUPONS, COUPONS_BUS -> coupons(scenario, shop);
            case ORDERS -> List.of(new PlaceAndRead(shop, options, run, out).measure());
            case REBUILD -> new Rebuild(shop, options, past(shop), out).measure();
            case HISTORY -> new History(options, out).measure(ours(shop.named("history"), shop, Workload.SPREAD, true));
        };
    }

    private List<Measurement> checkouts(Shop shop) {
        List<Target> targets = new ArrayList<>(List.of(ours(shop.name(), shop, Workload.SPREAD, true)));
        if (!options.beside().isEmpty()) {
            targets.add(ours("beside", open(() -> Shop.start(temporary("jangter-bench"), options.beside())), Workload.SPREAD, true));
        }
        if (options.yardsticks()) {
            Optional<Path> programs = Postgres.programs();
            programs.ifPresent(found -> Stream.of(Yardstick.values()).forEach(yardstick -> targets.add(yardstick(yardstick, found))));
            if (programs.isEmpty()) {
                out.println("  There is no PostgreSQL on this machine (Debian: apt-get install postgresql): no yardsticks.");
            }
        }
        return checkouts(ScenarioName.CHECKOUTS, shop, targets);
    }

    private List<Measurement> checkouts(ScenarioName scenario, Shop shop, List<Target> targets) {
        Turns turns = new Turns(options, out);
        List<Measurement> measured = turns.take(scenario.word(), targets);
        profile(scenario, shop, () -> turns.round(targets.get(0), measured.get(0).operations() / options.rounds()));
        return measured;
    }

    private List<Measurement> coupons(ScenarioName scenario, Shop shop) {
        boolean overHttp = scenario == ScenarioName.COUPONS;
        CouponRush rush = new CouponRush(shop, options, run + "-" + scenario.word(), start, out);
        List<Measurement> measured = overHttp ? rush.overHttp() : rush.overBus();
        profile(scenario, shop, () -> rush.once(overHttp));
        return measured;
    }

    /** Twenty coupons for each checkout, so that no view has nothing to do. */
    private Runnable past(Shop shop) {
        CouponRush rush = new CouponRush(shop, options, run + "-past", start, out);
        Turns turns = new Turns(options, out);
        Target checkouts = ours("past", shop, Workload.SPREAD, false);
        return () -> {
            rush.once(false);
            turns.round(checkouts, PAST_CHECKOUTS);
        };
    }

    private void profile(ScenarioName scenario, Shop shop, Runnable round) {
        if (options.profile()) {
            shop.process().map(process -> Profile.of(process, folder, round)).ifPresent(profile -> {
                profile.print(out);
                profiles.put(scenario.word(), profile.shares());
            });
        }
    }

    private Target ours(String name, Shop shop, Workload workload, boolean overHttp) {
        return open(() -> new ShopCheckouts(name, shop, workload, overHttp, run, start));
    }

    private Target yardstick(Yardstick yardstick, Path programs) {
        // not in our own folder, which PostgreSQL's user must not read
        Path own = temporary("jangter-bench-postgres");
        PostgresAddress address = new PostgresAddress(Program.freePort(), HexFormat.of().toHexDigits(new SecureRandom().nextLong()));
        Postgres postgres = open(() -> Postgres.start(programs, own, address));
        return open(() -> new YardstickCheckouts(yardstick, postgres, Workload.SPREAD, own));
    }

    private <T extends AutoCloseable> T open(Supplier<T> what) {
        T one = what.get();
        opened.push(one);
        return one;
    }

    private Path temporary(String name) {
        try {
            Path path = Files.createTempDirectory(name);
            opened.push(() -> delete(path));
            return path;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        }
    }

    private static String machine() {
        return Runtime.getRuntime().availableProcessors() + " cores, Java " + System.getProperty("java.version") + ", "
                + System.getProperty("os.name");
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                out.println("Could not clean up: " + e);
            }
        }
    }
}
