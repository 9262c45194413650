package jangter.platform;

import static jangter.platform.Tokens.as;
import static jangter.platform.Tokens.asStaff;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.model.Updates;
import jangter.kernel.Money;
import jangter.kernel.OrderId;
import jangter.kernel.Refusal;
import jangter.kernel.RefusedException;
import jangter.platform.http.Attempt;
import jangter.platform.http.Caller;
import jangter.platform.http.Once;
import jangter.platform.http.PageRequest;
import jangter.platform.http.Staff;
import jangter.platform.messaging.Commands;
import jangter.platform.mongo.Databases;
import jangter.platform.mongo.Documents;
import jangter.platform.mongo.Housekeeping;
import jangter.platform.mongo.View;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.gateway.EventGateway;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The platform under a service of its own: a shelf on which customers put things. */
@ServiceTest({PlatformTest.ShelfService.class, PlatformTest.ShelfController.class, PlatformTest.ShelfView.class, PlatformTest.Shelf.class})
class PlatformTest {

    static class ShelfService {
        @Bean
        AtomicInteger effects() {
            return new AtomicInteger();
        }
    }

    record Put(OrderId orderId, Money price) {
    }

    record ThingPut(OrderId orderId, Money price) {
    }

    static class Shelf {
        @CommandHandler
        void put(Put command, EventGateway events) {
            if (command.price().amount() == 13) {
                throw new RefusedException(new Refusal("unlucky", Refusal.Kind.CONFLICT, "Not thirteen."));
            }
            events.publish(new ThingPut(command.orderId(), command.price()));
        }
    }

    @ProcessingGroup("shelf-views")
    static class ShelfView {
        private final View things;

        ShelfView(Databases databases) {
            things = databases.of("shelf").view("shelf-views", "things");
        }

        @EventHandler
        void on(ThingPut event) {
            things.set(event.orderId(), Updates.set("price", event.price()));
        }
    }

    @RestController
    static class ShelfController {
        private final Commands commands;
        private final Once once;
        private final View things;
        private final AtomicInteger effects;

        ShelfController(Commands commands, Databases databases, AtomicInteger effects) {
            this.commands = commands;
            this.once = databases.of("shelf").once();
            this.things = databases.of("shelf").view("shelf-views", "things");
            this.effects = effects;
        }

        record ThingRequest(Money price) {
        }

        record Thing(OrderId orderId, Money price) {
        }

        @PostMapping("/things")
        Mono<ResponseEntity<Thing>> put(Caller caller, Attempt attempt, @RequestBody ThingRequest request) {
            return once.answer(attempt, request, Thing.class, () -> {
                effects.incrementAndGet();
                OrderId id = OrderId.of(attempt.uuid("thing"));
                return commands.send(new Put(id, request.price())).thenReturn(ResponseEntity.status(201).body(new Thing(id, request.price())));
            });
        }

        @GetMapping("/staff")
        Mono<String> staff(Staff staff) {
            return Mono.just("hello " + staff.id());
        }

        @GetMapping("/page")
        Mono<String> page(PageRequest page) {
            return Mono.just(page.size() + " " + page.cursor());
        }

        @GetMapping("/bug")
        Mono<String> bug() {
            return Mono.error(new IllegalStateException("secret"));
        }
    }

    @Autowired
    WebTestClient http;

    @Autowired
    Databases databases;

    @Autowired
    AtomicInteger effects;

    @Autowired
    MovableClock clock;

    @Autowired
    Housekeeping housekeeping;

    @Test
    void what_a_command_told_can_be_read_from_the_view() {
        var thing = post("""
                {"price":{"amount":1500,"currency":"KRW"}}""", null).expectStatus().isCreated()
                .expectBody(ShelfController.Thing.class).returnResult().getResponseBody();

        var document = databases.of("shelf").view("shelf-views", "things").findSoon(thing.orderId()).block();

        assertThat(Documents.money(document, "price")).isEqualTo(Money.of(1500, "KRW"));
    }

    @Test
    void the_same_key_gives_the_same_answer_and_one_effect_and_another_body_is_refused() {
        String key = UUID.randomUUID().toString();
        String body = """
                {"price":{"amount":7,"currency":"KRW"}}""";
        int before = effects.get();

        byte[] first = post(body, key).expectStatus().isCreated().expectBody().returnResult().getResponseBody();
        byte[] second = post(body, key).expectStatus().isCreated().expectBody().returnResult().getResponseBody();

        assertThat(second).isEqualTo(first);
        assertThat(effects.get() - before).isEqualTo(1);
        post(body.replace("7", "8"), key).expectStatus().isEqualTo(422).expectBody().jsonPath("$.code").isEqualTo("idempotency-key-reused");
    }

    @Test
    void an_answer_is_forgotten_after_a_day_and_its_key_is_free_again() {
        String body = """
                {"price":{"amount":21,"currency":"KRW"}}""";
        post(body, "day").expectStatus().isCreated();
        clock.forward(Duration.ofHours(23));
        housekeeping.clean().block();
        post(body.replace("21", "22"), "day").expectStatus().isEqualTo(422);
        clock.forward(Duration.ofHours(2));
        housekeeping.clean().block();

        post(body.replace("21", "22"), "day").expectStatus().isCreated();
        clock.reset();
    }

    @Test
    void a_refusal_is_a_problem_with_its_code_and_is_repeated_under_its_key() {
        String body = """
                {"price":{"amount":13,"currency":"KRW"}}""";
        for (int time = 0; time < 2; time++) {
            post(body, "unlucky").expectStatus().isEqualTo(409).expectHeader().contentType(MediaType.APPLICATION_PROBLEM_JSON)
                    .expectBody().jsonPath("$.code").isEqualTo("unlucky").jsonPath("$.detail").isEqualTo("Not thirteen.");
        }
    }

    @Test
    void what_is_malformed_is_refused() {
        Map.of("{", "malformed", "{\"price\":{\"amount\":1,\"currency\":\"KRW\"},\"x\":1}", "malformed",
                "{\"price\":{\"amount\":1,\"amount\":1,\"currency\":\"KRW\"}}", "malformed",
                "{\"price\":{\"amount\":1.5,\"currency\":\"KRW\"}}", "malformed",
                "{\"price\":{\"amount\":\"1\",\"currency\":\"KRW\"}}", "malformed",
                "{\"price\":{\"amount\":1,\"currency\":\"ABCD\"}}", "malformed",
                "{\"price\":{\"amount\":99999999999999999999,\"currency\":\"KRW\"}}", "malformed",
                "{\"price\":{\"amount\":9999999999999999,\"currency\":\"KRW\"}}", "invalid-value",
                "[]", "malformed").forEach((body, code) -> post(body, null).expectStatus().isBadRequest().expectBody()
                        .jsonPath("$.code").isEqualTo(code));
        post("[" + "1,".repeat(1_000_000) + "1]", null).expectStatus().isEqualTo(413).expectBody().jsonPath("$.code").isEqualTo("content-too-large");
    }

    @Test
    void nobody_is_401_and_a_customer_at_the_staff_door_is_403() {
        http.get().uri("/staff").exchange().expectStatus().isUnauthorized().expectBody().jsonPath("$.code").isEqualTo("not-signed-in");
        http.get().uri("/staff").headers(as("alice")).exchange().expectStatus().isForbidden().expectBody()
                .jsonPath("$.code").isEqualTo("not-staff");
        http.get().uri("/staff").headers(asStaff("alice")).exchange().expectStatus().isOk();
    }

    @Test
    void errors_tell_no_internals() {
        http.get().uri("/bug").headers(as("alice")).exchange().expectStatus().isEqualTo(500).expectBody().jsonPath("$.code").isEqualTo("bug")
                .jsonPath("$.detail").value(String.class, detail -> assertThat(detail).doesNotContain("secret"));
        http.get().uri("/nowhere").headers(as("alice")).exchange().expectStatus().isNotFound().expectBody().jsonPath("$.code").isEqualTo("not-found");
        http.delete().uri("/things").headers(as("alice")).exchange().expectStatus().isEqualTo(405).expectBody().jsonPath("$.code").isEqualTo("method-not-allowed");
        http.get().uri("/page?size=0").headers(as("alice")).exchange().expectStatus().isBadRequest();
        http.get().uri("/page?size=x").headers(as("alice")).exchange().expectStatus().isBadRequest();
    }

    @Test
    void health_metrics_and_openapi_are_there() {
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> http.get().uri("/actuator/health").headers(asStaff("olga")).exchange().expectStatus().isOk()
                .expectBody().jsonPath("$.components.mongo.status").isEqualTo("UP"));
        http.get().uri("/actuator/prometheus").headers(asStaff("olga")).exchange().expectStatus().isOk();
        http.get().uri("/openapi").exchange().expectStatus().isOk().expectBody().jsonPath("$.info.title").isEqualTo("Jangter");
    }

    @Test
    void a_view_is_built_anew_from_its_events() {
        var thing = post("""
                {"price":{"amount":99,"currency":"KRW"}}""", null).expectBody(ShelfController.Thing.class).returnResult().getResponseBody();
        View things = databases.of("shelf").view("shelf-views", "things");
        things.findSoon(thing.orderId()).block();
        things.clear();
        assertThat(things.find(thing.orderId()).block()).isNull();

        http.post().uri("/actuator/processors/shelf-views").headers(asStaff("olga")).contentType(MediaType.APPLICATION_JSON).bodyValue("{\"action\":\"reset\"}").exchange()
                .expectStatus().isOk().expectBody().jsonPath("$.running").isEqualTo(true).jsonPath("$.rebuild.state").isEqualTo("BUILDING");
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> http.get().uri("/actuator/processors/shelf-views").headers(asStaff("olga")).exchange().expectBody()
                .jsonPath("$.rebuild.state").isEqualTo("WAITING")
                .jsonPath("$.rebuild.differences[?(@.id == '" + thing.orderId() + "')].view").isEqualTo("things"));
        assertThat(things.find(thing.orderId()).block()).isNull();
        http.post().uri("/actuator/processors/shelf-views").headers(asStaff("olga")).contentType(MediaType.APPLICATION_JSON).bodyValue("{\"action\":\"switch\"}").exchange()
                .expectStatus().isOk();

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(things.find(thing.orderId()).block()).isNotNull());
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> http.get().uri("/actuator/processors/shelf-views").headers(asStaff("olga")).exchange().expectBody()
                .jsonPath("$.lag").isEqualTo(0).jsonPath("$.segments[0].caughtUp").isEqualTo(true)
                .jsonPath("$.rebuild.state").isEqualTo("SWITCHED"));
    }

    @Test
    void what_is_no_processor_or_no_position_is_refused() {
        http.post().uri("/actuator/processors/nobody").headers(asStaff("olga")).contentType(MediaType.APPLICATION_JSON).bodyValue("{\"action\":\"pause\"}").exchange()
                .expectStatus().isNotFound();
        http.post().uri("/actuator/processors/shelf-views").headers(asStaff("olga")).contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"action\":\"reset\",\"from\":\"yesterday\"}").exchange().expectStatus().isBadRequest().expectBody()
                .jsonPath("$.detail").isEqualTo("\"from\" is a position (42) or an instant (2026-11-22T00:00:00Z).");
    }

    private WebTestClient.ResponseSpec post(String body, String key) {
        WebTestClient.RequestBodySpec request = http.post().uri("/things").headers(as("alice")).contentType(MediaType.APPLICATION_JSON);
        return (key == null ? request : request.header("Idempotency-Key", key)).bodyValue(body).exchange();
    }
}
