package jangter.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jangter.axonserver.DevelopmentAxonServer;
import jangter.axonserver.Settings;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** How long the console takes over a store of a million events. Takes minutes: {@code ./mvnw -pl launcher -am test -Pbars} runs it. */
@Tag("bars")
class ConsoleBarsTest {

    private static final long LIST = 300;
    private static final long TIME_MACHINE = 1_000;
    private static final Duration UNTIL_THE_VIEW_HAS_SEEN_ALL = Duration.ofMinutes(10);
    private static final String VIEWS = "saga-views";
    private static final String A_DAY = "from=" + MillionEvents.BEGIN.plusSeconds(500_000) + "&to=" + MillionEvents.BEGIN.plusSeconds(586_400);

    @TempDir
    Path folder;

    private final Map<String, String> slow = new LinkedHashMap<>();
    private String address = "";
    private ShopClient shop;

    @Test
    void first_pages_come_within_300_ms_and_an_aggregate_of_10_000_events_within_a_second() throws Exception {
        try (DevelopmentAxonServer axonServer = DevelopmentAxonServer.start(Settings.onFolder(folder.resolve("store")));
                ConfigurableApplicationContext system = Launcher.start(List.of(Service.values()), 0, "--jangter.data=" + folder.resolve("data"),
                        "--" + Launcher.AXON_SERVERS + "=" + axonServer.address());
                MillionEvents story = new MillionEvents(axonServer)) {
            address = "http://127.0.0.1:" + ((WebServerApplicationContext) system).getWebServer().getPort();
            shop = new ShopClient(address, () -> UUID.randomUUID().toString());
            // the checkouts of the story need nobody to act; and views that read a million events meanwhile would be measured with them
            processors().stream().filter(name -> !name.equals(VIEWS)).forEach(name -> shop.postAsStaff("/actuator/processors/" + name, Map.of("action", "pause")));
            long begun = System.nanoTime();
            story.tellAll();
            System.out.printf("%,d events told in %d s%n", MillionEvents.EVENTS, (System.nanoTime() - begun) / 1_000_000_000);
            await().atMost(UNTIL_THE_VIEW_HAS_SEEN_ALL).pollInterval(Duration.ofSeconds(1))
                    .until(() -> shop.getAsStaff("/console/api/checkouts?size=50&state=HELD").get("items").size() == MillionEvents.HELD);
            System.out.printf("their %,d checkouts in the view after %d s%n", MillionEvents.CHECKOUTS, (System.nanoTime() - begun) / 1_000_000_000);

            // what the telling left behind is not the console's
            System.gc();
            timeMachine();
            events();
            checkouts();
            overview();
            assertThat(slow).isEmpty();
        }
    }

    private void timeMachine() {
        String old = "/console/api/aggregates/wallet-old";
        // the JVM has seen the machine, but not this aggregate
        for (int customer = 0; customer < 20; customer++) {
            shop.getAsStaff("/console/api/aggregates/wallet-customer-" + customer);
        }
        once("time machine, an aggregate never looked at before", TIME_MACHINE, old);
        for (int at : new int[] {MillionEvents.OLD - 2, MillionEvents.OLD / 2, 1, MillionEvents.OLD - 1}) {
            measure("time machine at " + at, TIME_MACHINE, old + "?at=" + at);
        }
    }

    private void events() {
        String events = "/console/api/events?size=50";
        full("newest events", events);
        full("an aggregate's events", events + "&aggregate=wallet-old");
        full("events of a frequent type", events + "&type=WalletCharged");
        full("events of a rarer type", events + "&type=PaymentDeclined");
        full("events of a day", events + "&" + A_DAY);
        full("a type on a day", events + "&type=OrderCompleted&" + A_DAY);
        full("events with a text", events + "&text=customer-7");
        measure("a text that is nowhere, as far as the first answer looks", LIST, events + "&text=nowhere-at-all");
        measure("a type that is nowhere, as far as the first answer looks", LIST, events + "&type=Nowhere");
        full("a page far back", events + "&cursor=123456");
    }

    private void checkouts() {
        String checkouts = "/console/api/checkouts?size=50";
        full("newest checkouts", checkouts);
        full("completed checkouts", checkouts + "&state=COMPLETED");
        full("failed checkouts", checkouts + "&state=FAILED");
        some("running checkouts", checkouts + "&state=RUNNING", MillionEvents.OPEN - MillionEvents.HELD);
        some("held checkouts", checkouts + "&state=HELD", MillionEvents.HELD);
        some("parked checkouts, none", checkouts + "&state=PARKED", 0);
        some("a customer's checkouts", checkouts + "&customer=customer-7", MillionEvents.CHECKOUTS / MillionEvents.CUSTOMERS);
        some("a customer's failed checkouts", checkouts + "&customer=customer-20&state=FAILED", MillionEvents.CHECKOUTS / MillionEvents.CUSTOMERS);
        some("one order's checkout", checkouts + "&order=" + MillionEvents.order(500), 1);
        some("by how an order's id begins", checkouts + "&order=" + MillionEvents.order(500).substring(0, 14), 1);
        full("by how all orders' ids begin", checkouts + "&order=order-");
        full("a page far back", checkouts + "&cursor=" + MillionEvents.BEGIN.plusSeconds(300_000) + "_order-0");
        measure("a checkout", LIST, "/console/api/checkouts/" + MillionEvents.order(500));
        measure("what the store tells of a checkout", LIST, "/console/api/checkouts/" + MillionEvents.order(500) + "/events");
    }

    private void overview() throws Exception {
        measure("processors", LIST, "/console/api/processors");
        measure("dead letters", LIST, "/console/api/deadletters");
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + "/console/api/overview")).header("Accept", "text/event-stream")
                .header("Authorization", "Bearer " + new TrialTokens(address).staff("olga")).build();
        HttpClient http = HttpClient.newHttpClient();
        note("overview, until the first push", LIST, () -> {
            HttpResponse<java.io.InputStream> answer = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                assertThat(lines.readLine()).startsWith("data:{\"at\"");
            }
        });
    }

    private List<String> processors() {
        List<String> names = new ArrayList<>();
        shop.getAsStaff("/console/api/processors").get(0).get("items").forEach(processor -> names.add(processor.get("name").asString()));
        return names;
    }

    /** A first page that has as many items as it can hold. */
    private void full(String what, String path) {
        some(what, path, 50);
    }

    private void some(String what, String path, int items) {
        JsonNode page = shop.getAsStaff(path);
        assertThat(page.get("items").size()).as(what).isEqualTo(items);
        measure(what, LIST, path);
    }

    private void once(String what, long bar, String path) {
        long begun = System.nanoTime();
        JsonNode answer = shop.getAsStaff(path);
        long millis = (System.nanoTime() - begun) / 1_000_000;
        assertThat(answer.isEmpty()).isFalse();
        tell(what, bar, millis, "");
    }

    private void measure(String what, long bar, String path) {
        note(what, bar, () -> shop.getAsStaff(path));
    }

    private interface Look {
        void look() throws Exception;
    }

    /** The median of nine, after the JVM has seen it. */
    private void note(String what, long bar, Look look) {
        try {
            long[] times = new long[9];
            for (int i = -5; i < times.length; i++) {
                long begun = System.nanoTime();
                look.look();
                times[Math.max(0, i)] = (System.nanoTime() - begun) / 1_000_000;
            }
            Arrays.sort(times);
            tell(what, bar, times[4], " (most " + times[8] + " ms)");
        } catch (Exception failure) {
            throw new AssertionError(what, failure);
        }
    }

    private void tell(String what, long bar, long millis, String more) {
        System.out.printf("%-60s %5d ms%s%n", what, millis, more);
        if (millis >= bar) {
            slow.put(what, millis + " ms" + more);
        }
    }
}
