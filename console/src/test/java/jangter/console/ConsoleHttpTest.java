package jangter.console;

import static jangter.platform.Tokens.as;
import static jangter.platform.Tokens.asStaff;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.axoniq.axonserver.connector.event.EventChannel;
import io.axoniq.axonserver.grpc.MetaDataValue;
import io.axoniq.axonserver.grpc.SerializedObject;
import io.axoniq.axonserver.grpc.event.Event;
import jangter.axonserver.DevelopmentAxonServer;
import jangter.axonserver.Settings;
import jangter.platform.ServiceTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.axonframework.axonserver.connector.AxonServerConfiguration;
import org.axonframework.axonserver.connector.AxonServerConnectionManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The console over a real store of events, and over a checkout service that the test plays. */
@ServiceTest({ConsoleService.class, ConsoleHttpTest.Store.class, ConsoleHttpTest.PlayedCheckouts.class})
class ConsoleHttpTest {

    private static final Instant BEGIN = Instant.parse("2026-05-04T09:00:00Z");
    private static final int OTHERS = 500;
    private static final DevelopmentAxonServer AXON_SERVER = DevelopmentAxonServer.start(Settings.inMemory());

    static class Store {

        @Bean(destroyMethod = "shutdown")
        AxonServerConnectionManager axonServer() {
            AxonServerConfiguration configuration = AxonServerConfiguration.builder().servers(AXON_SERVER.address()).componentName("console-test").build();
            AxonServerConnectionManager manager = AxonServerConnectionManager.builder().axonServerConfiguration(configuration).build();
            manager.start();
            return manager;
        }
    }

    @RestController
    static class PlayedCheckouts {

        static final AtomicReference<String> ASKED = new AtomicReference<>();

        @GetMapping("/checkouts")
        Mono<Map<String, Object>> list(@RequestHeader("Authorization") String who, ServerWebExchange exchange) {
            ASKED.set(who + " " + exchange.getRequest().getURI().getRawQuery());
            return Mono.just(Map.of("items", List.of()));
        }

        @GetMapping("/checkouts/order-1")
        Mono<Map<String, Object>> one() {
            return Mono.just(Map.of("attempts", List.of(Map.of("paymentId", "payment-1", "startedAt", BEGIN.plusSeconds(100).toString()))));
        }

        @PostMapping("/checkouts/order-1/retry")
        Mono<Map<String, Object>> retry(@RequestHeader("Idempotency-Key") String key, @RequestBody Map<String, Object> body) {
            ASKED.set(key + " " + body);
            return Mono.just(Map.of());
        }
    }

    @Autowired
    WebTestClient http;

    @Autowired
    AxonServerConnectionManager axonServer;

    @LocalServerPort
    int port;

    @BeforeAll
    static void fill(@Autowired AxonServerConnectionManager axonServer) throws Exception {
        EventChannel events = axonServer.getConnection().eventChannel();
        List<Event> all = new ArrayList<>();
        IntStream.range(0, OTHERS).forEach(i -> all.add(event("wallet-" + i % 5, i / 5, "jangter.payment.api.PaymentEvent$WalletCharged",
                "{\"walletId\":\"wallet-" + i % 5 + "\",\"amount\":" + i + "}", BEGIN.plusSeconds(i))));
        all.add(92, event("order-1", 0, "jangter.order.api.OrderEvent$OrderPlaced", "{\"orderId\":\"order-1\"}", BEGIN.plusSeconds(91)));
        all.add(103, event("", 0, "jangter.checkout.api.CheckoutEvent$StepSentAgain", "{\"orderId\":\"order-1\",\"paymentId\":\"payment-1\"}", BEGIN.plusSeconds(101)));
        all.add(event("strange-1", 0, "strange", "<b>no json</b>", BEGIN.plusSeconds(OTHERS)));
        events.appendEvents(all.toArray(Event[]::new)).get();
    }

    private static Event event(String aggregate, long sequence, String type, String payload, Instant at) {
        return Event.newBuilder().setMessageIdentifier(aggregate + "#" + sequence + "@" + at).setAggregateIdentifier(aggregate).setAggregateSequenceNumber(sequence)
                .setAggregateType(aggregate.isEmpty() ? "" : "Thing").setTimestamp(at.toEpochMilli())
                .setPayload(SerializedObject.newBuilder().setType(type).setRevision("1").setData(ByteString.copyFrom(payload, StandardCharsets.UTF_8)))
                .putMetaData("askedBy", MetaDataValue.newBuilder().setTextValue("alice").build()).build();
    }

    @Test
    void the_page_is_open_and_guarded_and_what_it_shows_is_staffs() {
        http.get().uri("/console/").exchange().expectStatus().isOk().expectHeader().contentTypeCompatibleWith(MediaType.TEXT_HTML)
                .expectHeader().value("Content-Security-Policy", policy -> assertThat(policy).startsWith("default-src 'none'; script-src 'self'; style-src 'self';"))
                .expectHeader().valueEquals("X-Content-Type-Options", "nosniff");
        for (String file : List.of("app.js", "session.js", "words-ko.js", "base.css", "icon.svg")) {
            http.get().uri("/console/" + file).exchange().expectStatus().isOk().expectHeader().exists("Content-Security-Policy");
        }
        http.get().uri("/console").exchange().expectStatus().is3xxRedirection().expectHeader().location("/console/");
        http.get().uri("/console/features").exchange().expectStatus().isOk().expectBody().jsonPath("$.tryIt").isEqualTo(false);
        for (String path : List.of("events", "checkouts", "checkouts/order-1", "checkouts/order-1/events", "processors", "deadletters", "aggregates/wallet-1", "overview", "me")) {
            http.get().uri("/console/api/" + path).exchange().expectStatus().isUnauthorized();
            http.get().uri("/console/api/" + path).headers(as("alice")).exchange().expectStatus().isForbidden();
        }
        for (String path : List.of("checkouts/order-1/retry", "services/all/processors/x-views", "services/all/deadletters/x-views")) {
            http.post().uri("/console/api/" + path).headers(as("alice")).contentType(MediaType.APPLICATION_JSON).bodyValue("{}").exchange().expectStatus().isForbidden();
        }
    }

    @Test
    void pages_run_from_new_to_old_and_new_events_move_none() throws Exception {
        JsonNode first = events("?size=40");
        assertThat(first.get("items")).hasSize(40);
        assertThat(first.get("items").get(0).get("payload").asString()).isEqualTo("<b>no json</b>");
        append("late-" + System.identityHashCode(first));
        List<Long> positions = new ArrayList<>(positions(first));
        String next = first.get("next").asString();
        while (next != null) {
            JsonNode page = events("?size=40&cursor=" + next);
            positions.addAll(positions(page));
            next = page.get("next").asString(null);
        }
        long newest = positions.get(0);
        assertThat(positions).isEqualTo(IntStream.rangeClosed(0, (int) newest).mapToObj(i -> newest - i).toList());
    }

    @Test
    void events_are_found_by_aggregate_type_time_and_text() {
        JsonNode wallet = events("?aggregate=wallet-3&size=10");
        assertThat(wallet.get("items")).hasSize(10).allSatisfy(event -> assertThat(event.get("aggregateId").asString()).isEqualTo("wallet-3"));
        assertThat(wallet.get("items").get(0).get("sequence").asLong()).isEqualTo(99);
        assertThat(events("?aggregate=wallet-3&size=10&cursor=" + wallet.get("next").asString()).get("items").get(0).get("sequence").asLong()).isEqualTo(89);
        assertThat(found("?type=stepsentagain")).singleElement()
                .satisfies(event -> assertThat(event.get("aggregateId").asString()).isEmpty())
                .satisfies(event -> assertThat(event.get("metaData").get("askedBy").asString()).isEqualTo("alice"));
        assertThat(found("?text=%22amount%22:499%7D")).hasSize(1);
        assertThat(found("?text=nowhere")).isEmpty();
        JsonNode minute = events("?from=" + BEGIN.plusSeconds(300) + "&to=" + BEGIN.plusSeconds(310) + "&size=100");
        assertThat(minute.get("items")).hasSize(10);
        assertThat(minute.get("next").isNull()).isTrue();
    }

    @Test
    void hostile_input_is_refused_and_nothing_breaks() {
        for (String query : List.of("?size=0", "?size=101", "?size=x", "?cursor=-1", "?cursor=1e3", "?cursor=99999999999999999999", "?from=yesterday",
                "?to=-999999999-01-01T00:00:00Z", "?from=+999999999-12-31T23:59:59Z", "?text=" + "x".repeat(201), "?aggregate=" + "y".repeat(201))) {
            http.get().uri("/console/api/events" + query).headers(asStaff("olga")).exchange().expectStatus().isBadRequest()
                    .expectHeader().contentType(MediaType.APPLICATION_PROBLEM_JSON);
        }
        for (String query : List.of("?text=.*(", "?text=%00%F0%9F%98%80", "?aggregate=%27;--", "?type=%24ne", "?cursor=0", "?cursor=999999999999999999")) {
            http.get().uri(at("/console/api/events" + query)).headers(asStaff("olga")).exchange().expectStatus().isOk();
        }
        for (String path : List.of("services/nobody/processors/x", "services/..%2F/processors/x", "services/all/processors/unknown-views", "aggregates/nothing-1",
                "aggregates/wallet-1?at=5")) {
            boolean reads = path.startsWith("aggregates");
            (reads ? http.get().uri(at("/console/api/" + path)).headers(asStaff("olga"))
                    : http.post().uri(at("/console/api/" + path)).headers(asStaff("olga")).contentType(MediaType.APPLICATION_JSON).bodyValue("{\"action\":\"pause\"}"))
                    .exchange().expectStatus().is4xxClientError();
        }
        http.get().uri(at("/console/..%2f..%2fapplication.yaml")).exchange().expectStatus().is4xxClientError();
        http.get().uri("/console/api/aggregates/{id}", "a b").headers(asStaff("olga")).exchange().expectStatus().isBadRequest();
    }

    @Test
    void the_users_own_token_and_query_go_on_to_the_service() {
        http.get().uri("/console/api/checkouts?state=PARKED&order=order-1").headers(asStaff("olga")).exchange().expectStatus().isOk();
        assertThat(PlayedCheckouts.ASKED.get()).startsWith("Bearer ey").endsWith(" state=PARKED&order=order-1");
        http.post().uri("/console/api/checkouts/order-1/retry").headers(asStaff("olga")).header("Idempotency-Key", "key-1").contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"reason\":\"because\"}").exchange().expectStatus().isOk();
        assertThat(PlayedCheckouts.ASKED.get()).isEqualTo("key-1 {reason=because}");
        http.get().uri("/console/api/checkouts/order-2").headers(asStaff("olga")).exchange().expectStatus().isNotFound();
        http.get().uri("/console/api/checkouts/order-1%2F..%2F..%2Factuator").headers(asStaff("olga")).exchange().expectStatus().is4xxClientError();
    }

    @Test
    void what_the_store_tells_of_a_checkout_is_found_in_aggregates_and_beside_them() {
        http.get().uri("/console/api/checkouts/order-1/events").headers(asStaff("olga")).exchange().expectStatus().isOk().expectBody()
                .jsonPath("$.complete").isEqualTo(true).jsonPath("$.events.length()").isEqualTo(2)
                .jsonPath("$.events[0].type").isEqualTo("jangter.order.api.OrderEvent$OrderPlaced")
                .jsonPath("$.events[1].type").isEqualTo("jangter.checkout.api.CheckoutEvent$StepSentAgain");
    }

    @Test
    void the_overview_is_pushed_again_and_again() {
        List<JsonNode> looks = http.get().uri("/console/api/overview").headers(asStaff("olga")).accept(MediaType.TEXT_EVENT_STREAM).exchange()
                .expectStatus().isOk().returnResult(JsonNode.class).getResponseBody().take(2).collectList().block(Duration.ofSeconds(60));

        assertThat(looks).hasSize(2).allSatisfy(look -> assertThat(look.get("processors").get(0).get("service").asString()).isEqualTo("all"));
    }

    private void append(String aggregate) throws Exception {
        axonServer.getConnection().eventChannel().appendEvents(event(aggregate, 0, "late", "{}", BEGIN.plusSeconds(1000))).get();
    }

    /** As it is written, with nothing encoded once more. */
    private URI at(String pathAndQuery) {
        return URI.create("http://localhost:" + port + pathAndQuery);
    }

    private JsonNode events(String query) {
        return http.get().uri(at("/console/api/events" + query)).headers(asStaff("olga")).exchange().expectStatus().isOk()
                .expectBody(JsonNode.class).returnResult().getResponseBody();
    }

    /** A search stops before long, and is gone on with where it stopped. */
    private List<JsonNode> found(String query) {
        List<JsonNode> found = new ArrayList<>();
        JsonNode page = events(query);
        page.get("items").forEach(found::add);
        while (!page.get("next").isNull()) {
            page = events(query + "&cursor=" + page.get("next").asString());
            page.get("items").forEach(found::add);
        }
        return found;
    }

    private static List<Long> positions(JsonNode page) {
        List<Long> positions = new ArrayList<>();
        page.get("items").forEach(item -> positions.add(item.get("position").asLong()));
        return positions;
    }
}
