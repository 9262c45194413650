package jangter.launcher;

import jangter.proof.Report;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Runs the shop as many processes, lets many customers buy at once, and meanwhile kills, pauses and cuts off whatever there is; then lets
 * it rest and counts, from the events, whether money, stock and coupons add up.
 */
final class Chaos {

    private static final int CUSTOMERS = 8;
    private static final int CHARGE = 50_000;
    private static final Duration BETWEEN_FAULTS = Duration.ofSeconds(4);
    private static final Duration REST = Duration.ofMinutes(3);
    private static final Duration SLOW = Duration.ofMillis(20);

    private final ChaosCluster cluster;
    private final PrintStream out;
    private final Random random;
    private final Map<String, LongAdder> outcomes = new ConcurrentSkipListMap<>();
    private final Map<String, Integer> faults = new TreeMap<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final TrialTokens tokens;
    private Duration longestRecovery = Duration.ZERO;
    private volatile boolean shopping = true;

    private Chaos(ChaosCluster cluster, PrintStream out, long seed) {
        this.cluster = cluster;
        this.tokens = new TrialTokens(cluster.addressFor("/dev/tokens", 0));
        this.out = out;
        this.random = new Random(seed);
    }

    static void main(String... arguments) {
        Duration time = Duration.ofMinutes(2);
        long seed = 1;
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            switch (arguments[i]) {
                case "--minutes" -> time = Duration.ofSeconds(Math.round(60 * Double.parseDouble(arguments[i + 1])));
                case "--seed" -> seed = Long.parseLong(arguments[i + 1]);
                default -> throw new CannotStartException("There is no " + arguments[i] + ": ./run chaos --minutes 2 --seed 1");
            }
        }
        try {
            Path folder = Files.createTempDirectory("jangter-chaos");
            System.out.println("Chaos for " + time + ", seed " + seed + ", logs in " + folder);
            long violations = run(folder, time, seed, System.out);
            if (violations > 0) {
                throw new CannotStartException(violations + " violations.");
            }
        } catch (IOException e) {
            throw new CannotStartException("Cannot make a folder for the run: " + e.getMessage());
        }
    }

    /** @return how many violations there were, what never came to rest among them */
    static long run(Path folder, Duration time, long seed, PrintStream out) {
        try (ChaosCluster cluster = new ChaosCluster(folder)) {
            out.println("Starting " + cluster.names() + " …");
            cluster.start();
            return new Chaos(cluster, out, seed).run(time);
        }
    }

    private long run(Duration time) {
        ShopClient shop = shop();
        List<String> products = List.of(shop.registerProduct("Plenty", 1_000, 100_000), shop.registerProduct("Scarce", 2_000, 60));
        String campaign = shop.launchCampaign("Chaos", 10, 200);
        List<Thread> customers = new ArrayList<>();
        for (int i = 0; i < CUSTOMERS; i++) {
            Random choices = new Random(random.nextLong());
            String name = "customer-" + i;
            Thread customer = new Thread(() -> shopOn(name, choices, products, campaign), name);
            customer.start();
            customers.add(customer);
        }
        injectFaults(time);
        shopping = false;
        for (Thread customer : customers) {
            join(customer);
        }
        out.println("Letting it rest …");
        return report(rest());
    }

    // --- customers

    private void shopOn(String name, Random choices, List<String> products, String campaign) {
        int round = 0;
        while (shopping) {
            String customer = name + "-" + round++ / 5;
            try {
                buy(customer, choices, products, campaign);
            } catch (RuntimeException unlucky) {
                count("given up by the customer");
                ShopClient.pause();
            }
        }
    }

    private void buy(String customer, Random choices, List<String> products, String campaign) {
        String keys = UUID.randomUUID().toString();
        ShopClient shop = again(keys);
        if (choices.nextInt(5) == 0) {
            insist(() -> {
                shop.charge(customer, CHARGE);
                return null;
            });
        }
        String coupon = choices.nextInt(3) == 0 ? coupon(shop, customer, campaign) : null;
        String product = products.get(choices.nextInt(products.size()));
        String order = insist(() -> shop.place(customer, product, 1 + choices.nextInt(3), coupon));
        if (choices.nextInt(10) == 0) {
            // changes their mind, or tries to pay twice
            insist(() -> {
                shop.startPaying(customer, order);
                return null;
            });
        }
        JsonNode standing = insist(() -> shop().pay(customer, order));
        count(standing.get("status").asString() + (standing.path("failure").isString() ? " " + standing.get("failure").asString() : ""));
    }

    private @Nullable String coupon(ShopClient shop, String customer, String campaign) {
        try {
            return insist(() -> shop.claimCoupon(customer, campaign));
        } catch (ShopClient.RefusedException soldOutOrHadOne) {
            return null;
        }
    }

    /** Asks again, under the same keys, until there is an answer: what a good client does when an answer is lost. */
    private <T> T insist(Supplier<T> request) {
        for (int attempt = 0;; attempt++) {
            try {
                return request.get();
            } catch (CannotStartException unreachable) {
                if (attempt == 100) {
                    throw unreachable;
                }
            } catch (ShopClient.RefusedException refused) {
                if (refused.status() != 503 || attempt == 100) {
                    throw refused;
                }
            }
            ShopClient.pause();
        }
    }

    private ShopClient shop() {
        return new ShopClient(path -> cluster.addressFor(path, turn.getAndIncrement()), () -> UUID.randomUUID().toString(), tokens);
    }

    /** Sends each kind of request under one key, whichever instance answers. */
    private ShopClient again(String key) {
        return new ShopClient(path -> cluster.addressFor(path, turn.getAndIncrement()), () -> key, tokens);
    }

    private void count(String outcome) {
        outcomes.computeIfAbsent(outcome, key -> new LongAdder()).increment();
    }

    // --- faults

    /** Everything there is is killed once, in another order for each seed; between that, what chance brings. */
    private void injectFaults(Duration time) {
        List<String> toKill = new ArrayList<>(cluster.names());
        Collections.shuffle(toKill, random);
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end || !toKill.isEmpty()) {
            ShopClient.pause(BETWEEN_FAULTS);
            switch (toKill.isEmpty() ? random.nextInt(6) : random.nextInt(3)) {
                case 0 -> pause(any(), random.nextInt(4) == 0 ? 10 : 1);
                case 1 -> cut(random.nextBoolean() ? ChaosCluster.AXON_SERVER : ChaosCluster.MONGO);
                case 2 -> kill(toKill.isEmpty() ? any() : toKill.remove(0));
                case 3 -> slow(random.nextBoolean() ? ChaosCluster.AXON_SERVER : ChaosCluster.MONGO);
                default -> kill(any());
            }
        }
    }

    private String any() {
        List<String> names = cluster.names();
        return names.get(random.nextInt(names.size()));
    }

    private void kill(String name) {
        tell("kill " + name);
        cluster.kill(name);
        long killed = System.nanoTime();
        cluster.start(name);
        cluster.awaitHealthy(name);
        Duration recovery = Duration.ofNanos(System.nanoTime() - killed);
        longestRecovery = recovery.compareTo(longestRecovery) > 0 ? recovery : longestRecovery;
    }

    private void pause(String name, int seconds) {
        tell("pause " + name + " for " + seconds + " s");
        cluster.signal(name, "STOP");
        ShopClient.pause(Duration.ofSeconds(seconds));
        cluster.signal(name, "CONT");
    }

    private void cut(String name) {
        tell("cut the wire to " + name);
        cluster.wire(name).cut();
    }

    private void slow(String name) {
        tell("slow the wire to " + name);
        cluster.wire(name).slow(SLOW);
        ShopClient.pause(BETWEEN_FAULTS);
        cluster.wire(name).slow(Duration.ZERO);
    }

    private void tell(String fault) {
        out.println("  " + fault);
        faults.merge(fault, 1, Integer::sum);
    }

    // --- the end

    private Report rest() {
        Check check = new Check(cluster.axonServer(), null);
        long end = System.nanoTime() + REST.toNanos();
        Report report = check.read(out);
        while (!report.unfinished().isEmpty() && System.nanoTime() < end) {
            ShopClient.pause(BETWEEN_FAULTS);
            report = check.read(out);
        }
        return report;
    }

    private long report(Report report) {
        out.println("Faults (" + faults.values().stream().mapToInt(Integer::intValue).sum() + "): " + faults);
        out.println("What customers saw: " + outcomes);
        out.println("Longest time from a kill to health: " + longestRecovery.toMillis() + " ms");
        Check.print(report, out);
        if (!report.unfinished().isEmpty()) {
            out.println("  VIOLATED: " + report.unfinished().size() + " checkouts never came to rest.");
        }
        return report.found() + report.unfinished().size();
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStartException("Interrupted.");
        }
    }
}
