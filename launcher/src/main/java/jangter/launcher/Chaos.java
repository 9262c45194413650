package jangter.launcher;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.model.Filters;
import jangter.checkout.Pace;
import jangter.kernel.PaymentId;
import jangter.launcher.ChaosCluster.Size;
import jangter.launcher.FaultPlan.Extent;
import jangter.proof.Report;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.bson.Document;

/**
 * Runs the shop as many processes, lets customers buy, and meanwhile lets everything go wrong that a {@link FaultPlan} has; then lets it
 * rest, counts from the events whether money, stock and coupons add up, replays every view, and reports.
 */
final class Chaos {

    private static final Duration BETWEEN_FAULTS = Duration.ofSeconds(1);
    private static final Duration BETWEEN_GENTLE_FAULTS = Duration.ofSeconds(3);
    private static final Duration LONG = Duration.ofMinutes(8);
    private static final int FAULTS_OF_A_LONG_RUN = 100;
    private static final Duration REST = Duration.ofMinutes(3);
    private static final int MOST_TOLD = 10;

    private final ChaosCluster cluster;
    private final FaultPlan plan;
    private final Random random;
    private final PrintStream out;
    private final ChaosReport report;

    /**
     * How to run.
     *
     * @param time how long at least
     * @param faults how many at least
     * @param replay whether all views are replayed in the end
     */
    record Settings(Duration time, int faults, long seed, Size size, Extent extent, boolean replay) {

        static Settings forAbout(Duration time, long seed) {
            boolean isLong = time.compareTo(LONG) >= 0;
            return new Settings(time, isLong ? FAULTS_OF_A_LONG_RUN : 0, seed, Size.FULL, isLong ? Extent.LONG : Extent.USUAL, true);
        }

        /** Every process killed once, and no more. */
        static Settings briefly(long seed) {
            return new Settings(Duration.ZERO, 0, seed, Size.SMALL, Extent.SHORT, true);
        }
    }

    /** @param report as Markdown */
    record Result(long violations, int faults, String report) {
    }

    private Chaos(ChaosCluster cluster, Settings settings, PrintStream out) {
        this.cluster = cluster;
        this.random = new Random(settings.seed());
        this.plan = new FaultPlan(cluster, settings.extent(), random);
        this.out = out;
        this.report = new ChaosReport(out);
    }

    static void main(String... arguments) {
        Duration time = Duration.ofMinutes(2);
        long seed = 1;
        Path reportTo = null;
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            switch (arguments[i]) {
                case "--minutes" -> time = Duration.ofSeconds(Math.round(60 * Double.parseDouble(arguments[i + 1])));
                case "--seed" -> seed = Long.parseLong(arguments[i + 1]);
                case "--report" -> reportTo = Path.of(arguments[i + 1]);
                default -> throw new CannotStartException("There is no " + arguments[i] + ": ./run chaos --minutes 2 --seed 1 --report chaos.md");
            }
        }
        try {
            Path folder = Files.createTempDirectory("jangter-chaos");
            System.out.println("Chaos for " + time + ", seed " + seed + ", logs in " + folder);
            Result result = run(folder, Settings.forAbout(time, seed), System.out);
            System.out.println(result.report());
            if (reportTo != null) {
                Files.writeString(reportTo, result.report());
            }
            if (result.violations() > 0) {
                throw new CannotStartException(result.violations() + " violations.");
            }
        } catch (IOException e) {
            throw new CannotStartException("Cannot write: " + e.getMessage());
        }
    }

    private static Result run(Path folder, Settings settings, PrintStream out) {
        out.println("Getting ready …");
        return run(LauncherClasses.archivedIn(folder.resolve("classes")), folder, settings, out);
    }

    static Result run(LauncherClasses classes, Path folder, Settings settings, PrintStream out) {
        try (ChaosCluster cluster = new ChaosCluster(classes, folder, settings.size())) {
            out.println("Starting " + cluster.names() + " …");
            cluster.start();
            return new Chaos(cluster, settings, out).run(settings);
        }
    }

    private Result run(Settings settings) {
        try (EventLog log = new EventLog(cluster.observerPort())) {
            ChaosCustomers customers = new ChaosCustomers(cluster);
            try (customers) {
                customers.start(random);
                injectFaults(settings, new ChaosScene(cluster, log, customers, report, random));
            }
            out.println("Letting it rest …");
            Report shop = examine(log, customers);
            if (settings.replay()) {
                replay(customers);
            }
            String title = "A chaos run: " + (settings.time().isZero() ? "each process killed once" : settings.time().toMinutes() + " minutes") + ", seed " + settings.seed();
            return new Result(report.violations(), report.faults(), report.markdown(title, shop, customers.outcomes()));
        }
    }

    // --- faults

    private void injectFaults(Settings settings, ChaosScene scene) {
        long end = System.nanoTime() + settings.time().toNanos();
        while (System.nanoTime() < end || plan.hasToGoOn() || report.faults() < settings.faults()) {
            ShopClient.pause(BETWEEN_FAULTS);
            Fault fault = plan.next();
            if (fault instanceof Pause pause && pause.isLong()) {
                amidst(pause, scene);
            } else {
                happen(fault, scene);
            }
        }
    }

    private void happen(Fault fault, ChaosScene scene) {
        long at = System.nanoTime();
        report.happened(fault, at, fault.happen(scene));
    }

    /** A long pause, and gentle faults elsewhere meanwhile. */
    private void amidst(Pause pause, ChaosScene scene) {
        Thread longPause = new Thread(() -> happen(pause, scene), "long-pause");
        longPause.start();
        while (longPause.isAlive()) {
            happen(plan.gentle(pause.victim()), scene);
            ShopClient.pause(BETWEEN_GENTLE_FAULTS);
        }
    }

    // --- the end

    private Report examine(EventLog log, ChaosCustomers customers) {
        Set<PaymentId> never = log.await(log.underWay(), REST);
        Evidence evidence = new Evidence(Pace.USUAL);
        List<String> seen = log.seen();
        Report shop = new Check(cluster.axonServer(), null).read(out, evidence);
        each("Invariants of the shop, over %,d events".formatted(shop.events()), shop.violations());
        each("Checkouts that never came to rest (%,d were begun)".formatted(shop.requested()), never);
        each("Events that were seen and are not there any more (of %,d)".formatted(seen.size()), evidence.changedSince(seen));
        each("Orders, charges, coupons and payments that were confirmed and are not there, or twice (of %,d)".formatted(customers.confirmed().size()),
                evidence.missingOrTwice(customers.confirmed()));
        each("Orders of which a customer was told that they are completed, and are not (of %,d)".formatted(customers.toldCompleted().size()),
                evidence.notCompleted(customers.toldCompleted()));
        each("Checkouts that gave up too early (%,d gave up because nobody answered)".formatted(evidence.gaveUp()), evidence.gaveUpEarly());
        new Replay(cluster).awaitRest();
        each("Sagas that go on after their checkout's end, or are there twice", strangeSagas(shop.parked().size()));
        return shop;
    }

    /** The checkout's sagas as they are stored. */
    private List<String> strangeSagas(int parked) {
        try (MongoClient mongo = MongoClients.create(cluster.mongo())) {
            List<Document> running = mongo.getDatabase("jangter_saga").getCollection("sagas").find(Filters.and(Filters.exists("saga"), Filters.eq("ended", null)))
                    .into(new ArrayList<>());
            return running.size() <= parked ? List.of() : running.stream().map(Document::toString).toList();
        }
    }

    private void replay(ChaosCustomers customers) {
        try {
            Readings before = read(customers);
            long begun = System.nanoTime();
            List<String> views = new Replay(cluster).everything();
            String took = ChaosReport.seconds(System.nanoTime() - begun);
            each("Differences between %,d reads before and after a replay of %s, which took %s".formatted(before.size(), views, took),
                    before.differencesTo(read(customers)));
        } catch (CannotStartException notReplayed) {
            report.violated(notReplayed.getMessage());
        }
    }

    private Readings read(ChaosCustomers customers) {
        return Readings.of(cluster, customers.names(), customers.products(), customers.campaigns());
    }

    private void each(String what, Collection<?> violations) {
        report.checked(what + ": " + violations.size());
        violations.stream().limit(MOST_TOLD).forEach(violation -> report.violated(String.valueOf(violation)));
    }
}
