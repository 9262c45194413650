package jangter.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jangter.proof.Report;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/**
 * The whole shop in one JVM on its real parts (gRPC, SQLite, Mongo's wire), through HTTP alone. Snapshots are taken all the time and
 * hardly an aggregate stays in memory, so that what is loaded is loaded from the server.
 */
class EndToEndTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path data;

    private static ConfigurableApplicationContext system;
    private static String address;
    private static ShopClient shop;

    @BeforeAll
    static void start() {
        system = Launcher.start(List.of(Service.values()), 0, "--jangter.data=" + data, "--jangter.messaging.snapshot-every=3",
                "--jangter.messaging.aggregates-in-memory=2");
        address = "http://127.0.0.1:" + ((WebServerApplicationContext) system).getWebServer().getPort();
        shop = new ShopClient(address, () -> UUID.randomUUID().toString());
    }

    @AfterAll
    static void stop() {
        system.close();
    }

    @Test
    void the_services_reach_the_mongo_in_their_jvm_without_its_port() {
        shop.charge("reader", 1);

        assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName).anyMatch(name -> name.startsWith("mongo-in-process"));
    }

    @Test
    void the_demo_plays_its_four_orders_and_shows_what_was_undone() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        new Demo(shop, new PrintStream(printed, true, StandardCharsets.UTF_8), "e2e").play();

        String text = printed.toString(StandardCharsets.UTF_8);
        assertThat(text).containsSubsequence("is COMPLETED", "is PENDING: INSUFFICIENT_BALANCE", "is CANCELLED: OUT_OF_STOCK",
                "is CANCELLED: COUPON_UNUSABLE");
        // 2 × 9,000 less 10 %; what orders 3 and 4 took was given back
        assertThat(text).contains("alice has 83800 KRW, bob 1000 KRW, carol 100000 KRW; 98 Kimchi and 1 teapot are in stock.");
        assertThat(text).containsSubsequence("4. One Kimchi", "TAKE_PAYMENT", "DEDUCT_STOCK", "USE_COUPON", "RESTORE_STOCK", "REFUND_PAYMENT", "FAIL_PAYMENT");
    }

    @Test
    void a_campaign_never_issues_one_too_many_nor_two_to_one_customer() {
        String campaign = shop.launchCampaign("Drop", 10, 10);

        List<String> outcomes = IntStream.range(0, 60).parallel().mapToObj(i -> claim("drop-" + i % 30, campaign)).toList();

        assertThat(outcomes.stream().filter("issued"::equals)).hasSize(10);
        assertThat(outcomes).allMatch(List.of("issued", "sold-out", "already-issued")::contains);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(shop.get("anyone", "/campaigns/" + campaign).get("remaining").asInt()).isZero());
    }

    @Test
    void customers_who_pay_at_once_get_what_there_is_and_money_and_stock_add_up() {
        String product = shop.registerProduct("Melon", 100, 10);
        List<String> customers = IntStream.range(0, 15).mapToObj(i -> "melon-" + i).toList();
        customers.forEach(customer -> shop.charge(customer, 1_000));

        List<JsonNode> standings = customers.parallelStream().map(customer -> shop.pay(customer, shop.place(customer, product, 1, null))).toList();

        assertThat(standings.stream().filter(standing -> standing.get("status").asString().equals("COMPLETED"))).hasSize(10);
        assertThat(standings.stream().filter(standing -> standing.path("failure").asString("").equals("OUT_OF_STOCK"))).hasSize(5);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(shop.get("anyone", "/products/" + product).get("stock").asInt()).isZero();
            assertThat(customers.stream().mapToLong(customer -> balance(customer)).sum()).isEqualTo(15 * 1_000 - 10 * 100);
        });
    }

    @Test
    void an_order_is_not_another_customers_business() {
        String product = shop.registerProduct("Pear", 100, 10);
        String order = shop.place("owner", product, 1, null);

        assertThatThrownBy(() -> shop.get("stranger", "/orders/" + order)).hasMessageContaining("404");
        assertThatThrownBy(() -> shop.pay("stranger", order)).hasMessageContaining("404");
    }

    @Test
    void every_view_built_anew_tells_the_same() throws Exception {
        String product = shop.registerProduct("Plum", 100, 10);
        shop.charge("plum", 1_000);
        String order = shop.place("plum", product, 2, null);
        shop.pay("plum", order);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(balance("plum")).isEqualTo(800));
        List<String> pages = List.of("/wallets/me", "/wallets/me/history", "/products/" + product, "/orders", "/orders/" + order);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(lag()).isZero());
        List<JsonNode> before = pages.stream().map(page -> shop.get("plum", page)).toList();
        JsonNode timeline = shop.getAsStaff("/checkouts/" + order);

        for (JsonNode processor : processors()) {
            if (processor.get("replayable").asBoolean()) {
                reset(processor.get("name").asString());
            }
        }

        await().atMost(PATIENCE.multipliedBy(3)).untilAsserted(() -> {
            assertThat(processors()).filteredOn(processor -> processor.get("replayable").asBoolean()).isNotEmpty()
                    .allSatisfy(processor -> assertThat(processor.get("rebuild").get("state").asString()).as(processor.toString()).isEqualTo("SWITCHED"));
            assertThat(lag()).isZero();
            assertThat(pages.stream().map(page -> shop.get("plum", page)).toList()).isEqualTo(before);
            assertThat(shop.getAsStaff("/checkouts/" + order)).isEqualTo(timeline);
        });
    }

    @Test
    void the_checkout_is_not_replayed() throws Exception {
        assertThat(reset("saga-checkout")).isEqualTo(400);
    }

    @Test
    void what_must_hold_is_checked_on_the_events_themselves() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            Report report = new Check(system.getEnvironment().getProperty(Launcher.AXON_SERVERS), null).read(System.out);
            assertThat(report.unfinished()).isEmpty();
            assertThat(report.violations()).isEmpty();
            assertThat(report.events()).isPositive();
        });
    }

    @Test
    void health_tells_of_axon_server_and_mongo_and_metrics_are_on() throws Exception {
        JsonNode components = shop.getAsStaff("/actuator/health").get("components");

        assertThat(components.get("axonServer").get("status").asString()).isEqualTo("UP");
        assertThat(components.get("mongo").get("status").asString()).isEqualTo("UP");
        assertThat(fetch(asStaff("/actuator/prometheus")).body()).contains("jvm_memory", "eventProcessor").doesNotContain("quantile=", "eventProcessor_capacity");
        assertThat(fetch(HttpRequest.newBuilder(URI.create(address + "/openapi"))).body()).contains("/orders/{id}/payment", "/campaigns/{id}/coupons", "/checkouts/{id}/retry");
    }

    private static String claim(String customer, String campaign) {
        try {
            shop.claimCoupon(customer, campaign);
            return "issued";
        } catch (ShopClient.RefusedException refused) {
            return refused.code();
        }
    }

    private static long balance(String customer) {
        return shop.get(customer, "/wallets/me").get("balance").get("amount").asLong();
    }

    private static List<JsonNode> processors() {
        return StreamSupport.stream(shop.getAsStaff("/actuator/processors").spliterator(), false).toList();
    }

    private static long lag() {
        return processors().stream().mapToLong(processor -> processor.get("lag").asLong()).sum();
    }

    private static int reset(String processor) throws Exception {
        return fetch(asStaff("/actuator/processors/" + processor).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"action\":\"reset\"}"))).statusCode();
    }

    private static HttpRequest.Builder asStaff(String path) {
        return HttpRequest.newBuilder(URI.create(address + path)).header("Authorization", "Bearer " + new TrialTokens(address).staff("olga"));
    }

    private static HttpResponse<String> fetch(HttpRequest.Builder request) throws Exception {
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
