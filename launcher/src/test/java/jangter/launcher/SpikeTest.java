package jangter.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import jangter.proof.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/**
 * Everybody wants a coupon at once while others pay, all in one JVM, this client too: for ten seconds ten times as many come for coupons as in
 * the calm before. Checkouts come at a constant rate and are timed from when each was due, so that one that waits for a late one counts as late
 * as well; one that is shed counts as not done in time. Told beside it, and not judged: how long they take when nobody wants a coupon.
 */
@Tag("bars")
class SpikeTest {

    private static final int COUPONS = 1_000;
    private static final int CUSTOMERS = 50_000;
    /** How many times as many come in the spike as in the calm, for each coupon as many. */
    private static final int SPIKE_TO_CALM = 10;
    private static final int CHECKOUTS_A_SECOND = 10;
    /** What is compiled late is slow for minutes: it is warm when so many rushes in a row came at their pace. */
    private static final int STEADY = 3;
    private static final Duration PACE_HELD = Duration.ofMillis(10_500);
    private static final int MOST_WARM_UPS = 14;
    private static final Duration WARM_UP = Duration.ofSeconds(40);
    private static final int CHECKOUTS_OF_THE_WARM_UP = 30;
    /** One rush is a matter of chance: of the hundred checkouts beside it the slowest but one decides. */
    private static final int ROUNDS = 3;
    /** A round in which the machine's disk stood still for longer than that tells of the disk, and is repeated; so often in all. */
    private static final Duration STILL = Duration.ofMillis(150);
    private static final int MOST_ROUNDS = 10;
    private static final Duration MEASURED = Duration.ofSeconds(20);
    private static final Duration SPIKE = Duration.ofSeconds(10);
    private static final int CALM_CUSTOMERS = (int) (CUSTOMERS / SPIKE_TO_CALM * MEASURED.toSeconds() / SPIKE.toSeconds());
    private static final int CALM_COUPONS = COUPONS * CALM_CUSTOMERS / CUSTOMERS;
    /** What one counts that was not done in time. */
    private static final Duration SHED = Duration.ofMinutes(1);

    @TempDir
    static Path data;

    private final Random order = new Random(7);
    private final ExecutorService payers = Executors.newFixedThreadPool(64);
    private int port;
    private String address;
    private ShopClient shop;
    private String product;

    @Test
    void a_rush_for_coupons_issues_each_once_and_leaves_the_checkouts_their_pace() throws Exception {
        try (DiskWatch disk = DiskWatch.on(data); ConfigurableApplicationContext system = Launcher.start(List.of(Service.values()), 0, "--jangter.data=" + data)) {
            port = ((WebServerApplicationContext) system).getWebServer().getPort();
            address = "http://127.0.0.1:" + port;
            shop = new ShopClient(address, () -> UUID.randomUUID().toString());
            product = shop.registerProduct("Tea", 1_000, 1_000_000);
            List<String> tokens = tokens();
            Machine.since();
            for (int n = 1, steady = 0; steady < STEADY; n++) {
                assertThat(n).as("rushes until %d in a row came at their pace", STEADY).isLessThanOrEqualTo(MOST_WARM_UPS);
                Future<Rush.Outcome> warming = come("Warm-up " + n, tokens, SPIKE, COUPONS);
                tell("warm-up", pay(WARM_UP, CHECKOUTS_OF_THE_WARM_UP));
                print("warm-up", warming.get());
                steady = warming.get().came().compareTo(PACE_HELD) <= 0 ? steady + 1 : 0;
            }

            List<Long> alone = new ArrayList<>();
            List<Long> calm = new ArrayList<>();
            List<Long> beside = new ArrayList<>();
            List<Long> after = new ArrayList<>();
            int counted = 0;
            for (int n = 1; counted < ROUNDS; n++) {
                assertThat(n).as("rounds until the disk let %d be measured", ROUNDS).isLessThanOrEqualTo(MOST_ROUNDS);
                Instant begun = Instant.now();
                List<Long> nobody = tell("alone", pay(MEASURED, CHECKOUTS_A_SECOND));
                // those who come first were not among the first before
                Collections.shuffle(tokens, order);
                Future<Rush.Outcome> few = come("Calm " + n, tokens.subList(0, CALM_CUSTOMERS), MEASURED, CALM_COUPONS);
                List<Long> calmly = tell("calm", pay(MEASURED, CHECKOUTS_A_SECOND));
                print("calm", few.get());
                assertThat(few.get().answers()).isEqualTo(Map.of(201, CALM_COUPONS, 409, CALM_CUSTOMERS - CALM_COUPONS));
                Collections.shuffle(tokens, order);
                Machine.since();
                Future<Rush.Outcome> rush = come("Rush " + n, tokens, SPIKE, COUPONS);
                List<Long> rushed = tell("spike", pay(SPIKE, CHECKOUTS_A_SECOND));
                tellWhenSlow(rushed, 2 * p99(calmly));
                Rush.Outcome outcome = rush.get();
                print("rush", outcome);
                assertThat(outcome.answers()).isEqualTo(Map.of(201, COUPONS, 409, CUSTOMERS - COUPONS));
                assertThat(outcome.came()).as("until everyone had come").isLessThan(SPIKE.plusSeconds(1));
                List<Long> afterwards = tell("after", pay(MEASURED, CHECKOUTS_A_SECOND));
                Duration stoodStill = disk.longestSince(begun);
                if (stoodStill.compareTo(STILL) > 0) {
                    System.out.printf("         not counted: the disk stood still for %d ms%n", stoodStill.toMillis());
                    continue;
                }
                alone.addAll(nobody);
                calm.addAll(calmly);
                beside.addAll(rushed);
                after.addAll(afterwards);
                counted++;
            }
            System.out.printf("p99 in the spikes is %.1f times the calm one, afterwards %.1f times: %d, %d, %d ms; %d ms when nobody wanted a coupon%n",
                    1.0 * p99(beside) / p99(calm), 1.0 * p99(after) / p99(calm), p99(calm), p99(beside), p99(after), p99(alone));

            Report report = new Check(Files.readString(EmbeddedParts.addressFile(data)), null).read(System.out);
            assertThat(report.violations()).isEmpty();
            assertThat(p99(calm)).as("p99 in the calm: none was shed").isLessThan(SHED.toMillis());
            assertThat(p99(beside)).as("p99 in the spikes").isLessThanOrEqualTo(2 * p99(calm));
            assertThat(p99(after)).as("p99 afterwards").isLessThanOrEqualTo(2 * p99(calm));
        }
    }

    /** For a campaign of its own. */
    private Future<Rush.Outcome> come(String name, List<String> tokens, Duration within, int coupons) {
        String campaign = shop.launchCampaign(name, 10, coupons);
        return payers.submit(() -> new Rush(port, campaign).run(tokens, within));
    }

    private static void print(String what, Rush.Outcome rush) {
        System.out.printf("%-8s %s came in %.1f s, were all answered after %.1f s, and told to come again %,d times%n", what, rush.answers(),
                rush.came().toMillis() / 1e3, rush.lasted().toMillis() / 1e3, rush.toldToComeAgain());
    }

    // --- calm customers

    /** How long each checkout took in milliseconds, from when it was due to its outcome. */
    private List<Long> pay(Duration time, int perSecond) throws Exception {
        List<Future<Long>> checkouts = new ArrayList<>();
        long begun = System.nanoTime();
        for (int n = 0; n < time.toSeconds() * perSecond; n++) {
            long due = begun + n * TimeUnit.SECONDS.toNanos(1) / perSecond;
            ShopClient.pause(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
            checkouts.add(payers.submit(() -> payOne(due)));
        }
        List<Long> millis = new ArrayList<>();
        for (Future<Long> checkout : checkouts) {
            millis.add(checkout.get());
        }
        return millis;
    }

    private long payOne(long due) {
        String customer = "payer-" + due % 97;
        try {
            shop.charge(customer, 1_000);
            String order = shop.place(customer, product, 1, null);
            JsonNode standing = shop.pay(customer, order);
            assertThat(standing.get("status").asString()).isEqualTo("COMPLETED");
            return (System.nanoTime() - due) / 1_000_000;
        } catch (ShopClient.RefusedException shed) {
            return SHED.toMillis();
        }
    }

    private static long p99(List<Long> millis) {
        return millis.stream().sorted().toList().get((int) Math.ceil(0.99 * millis.size()) - 1);
    }

    private static List<Long> tell(String when, List<Long> millis) {
        List<Long> sorted = millis.stream().sorted().toList();
        System.out.printf("%-8s %,d checkouts: p50 %d ms, p99 %d ms, longest %d ms; %s%n", when, sorted.size(), sorted.get(sorted.size() / 2), p99(millis),
                sorted.get(sorted.size() - 1), Machine.since());
        return millis;
    }

    private static void tellWhenSlow(List<Long> millis, long slow) {
        System.out.println("         slow were those due after " + IntStream.range(0, millis.size()).filter(n -> millis.get(n) >= slow)
                .mapToObj(n -> "%.1f s (%d ms)".formatted(1.0 * n / CHECKOUTS_A_SECOND, millis.get(n))).toList());
    }

    // --- the rush

    /** Signed here with the issuer's own key: asking for so many would take longer than all the rest. */
    private List<String> tokens() throws Exception {
        String issuer = SignedJWT.parse(new TrialTokens(address).customer("anyone")).getJWTClaimsSet().getIssuer();
        RSAKey key = RSAKey.parse(Files.readString(data.resolve("issuer").resolve("key.json")));
        RSASSASigner signer = new RSASSASigner(key);
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build();
        Instant now = Instant.now();
        return IntStream.range(0, CUSTOMERS).parallel().mapToObj(n -> {
            SignedJWT token = new SignedJWT(header, new JWTClaimsSet.Builder().issuer(issuer).audience("jangter").subject("comer-" + n)
                    .issueTime(Date.from(now)).expirationTime(Date.from(now.plusSeconds(3_600))).build());
            try {
                token.sign(signer);
            } catch (JOSEException impossible) {
                throw new AssertionError(impossible);
            }
            return token.serialize();
        }).collect(Collectors.toCollection(ArrayList::new));
    }

    // --- the machine

    /** What this process took of the machine since it was last asked for, and what others on the same hardware did. */
    private static final class Machine {

        private static long asked = System.nanoTime();
        private static long used = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
        private static long stolen = stolenTicks();

        static String since() {
            long now = System.nanoTime();
            long usedNow = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
            long stolenNow = stolenTicks();
            String told = "%.2f cores busy with it, %.2f taken away by others".formatted((usedNow - used) * 1e6 / (now - asked), (stolenNow - stolen) * 1e7 / (now - asked));
            asked = now;
            used = usedNow;
            stolen = stolenNow;
            return told;
        }

        /** In hundredths of a second; none where the system does not tell. */
        private static long stolenTicks() {
            try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
                return Long.parseLong(lines.findFirst().orElseThrow().split(" +")[8]);
            } catch (IOException unknown) {
                return 0;
            }
        }
    }
}
