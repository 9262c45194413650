package jangter.platform.messaging;

import static jangter.platform.Tokens.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jangter.kernel.OrderId;
import jangter.platform.ServiceTest;
import jangter.platform.http.Attempt;
import jangter.platform.http.Caller;
import jangter.platform.http.Once;
import jangter.platform.mongo.Databases;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.gateway.EventGateway;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.MetaData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.ResponseEntity;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** On whose behalf an event is, from the request on and through all that follows: a desk where things are asked for. */
@ServiceTest({WhoAsksTest.Desk.class, WhoAsksTest.Clerk.class, WhoAsksTest.DeskController.class})
class WhoAsksTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String TRACEPARENT = "00-" + TRACE + "-b7ad6b7169203331-01";

    record Ask(OrderId orderId) {
    }

    record AskedFor(OrderId orderId) {
    }

    record Fetch(OrderId orderId) {
    }

    record Fetched(OrderId orderId) {
    }

    record Told(OrderId orderId) {
    }

    static class Desk {
        @CommandHandler
        void ask(Ask command, EventGateway events) {
            events.publish(new AskedFor(command.orderId()));
        }

        @CommandHandler
        void fetch(Fetch command, EventGateway events) {
            events.publish(new Fetched(command.orderId()));
        }
    }

    /** As the checkout does: an event in, a command out. */
    @ProcessingGroup("saga-clerk")
    static class Clerk {
        @EventHandler
        void on(AskedFor event, CommandGateway commands) {
            commands.send(new Fetch(event.orderId()));
        }
    }

    @RestController
    static class DeskController {
        private final Commands commands;
        private final Events events;
        private final Once once;

        DeskController(Commands commands, Events events, Databases databases) {
            this.commands = commands;
            this.events = events;
            this.once = databases.of("desk").once();
        }

        @PostMapping("/desk/{id}")
        Mono<ResponseEntity<Void>> ask(Caller caller, Attempt attempt, @PathVariable OrderId id) {
            return once.answer(attempt, id, Void.class, () -> commands.send(new Ask(id)).thenReturn(ResponseEntity.accepted().build()));
        }

        @PostMapping("/desk/{id}/news")
        Mono<Void> tell(Caller caller, @PathVariable OrderId id) {
            return events.publish(new Told(id));
        }

        @GetMapping("/desk/bug")
        Mono<Void> bug() {
            return Mono.error(new IllegalStateException("broken"));
        }
    }

    @Autowired
    WebTestClient http;

    @Autowired
    EventStore store;

    @Autowired
    EventGateway events;

    @Autowired
    Databases databases;

    @Test
    void every_event_that_comes_of_a_request_tells_who_asked_under_which_trace_and_key() {
        http.post().uri("/desk/order-1").headers(as("alice")).header("traceparent", TRACEPARENT)
                .header("Idempotency-Key", "alice@example.com").exchange().expectStatus().isAccepted().expectHeader().valueEquals("X-Trace-Id", TRACE);

        EventMessage<?> asked = event(AskedFor.class, "order-1");
        EventMessage<?> fetched = event(Fetched.class, "order-1");
        assertThat(asked.getMetaData()).containsAllEntriesOf(Map.of("askedBy", "alice", "traceId", TRACE)).containsKey("correlationId");
        assertThat(fetched.getMetaData()).containsAllEntriesOf(Map.of("askedBy", "alice", "traceId", TRACE));
        assertThat(fetched.getMetaData().get("idempotencyKey")).isEqualTo(asked.getMetaData().get("idempotencyKey"));
    }

    @Test
    void of_the_key_only_the_digest_is_told_under_which_the_answer_is_kept() {
        http.post().uri("/desk/order-2").headers(as("alice")).header("Idempotency-Key", "alice@example.com").exchange()
                .expectStatus().isAccepted();

        MetaData told = event(AskedFor.class, "order-2").getMetaData();
        assertThat(told.toString()).doesNotContain("example.com");
        assertThat(databases.of("desk").view("desk-tests", "answers").find(Objects.requireNonNull(told.get("idempotencyKey"))).block()).containsKey("fingerprint");
    }

    @Test
    void without_a_key_or_a_trace_there_is_no_key_and_a_new_trace() {
        String trace = http.post().uri("/desk/order-3").headers(as("bob")).exchange().expectStatus().isAccepted()
                .returnResult(Void.class).getResponseHeaders().getFirst("X-Trace-Id");

        assertThat(trace).matches("[0-9a-f]{32}");
        assertThat(event(AskedFor.class, "order-3").getMetaData()).containsAllEntriesOf(Map.of("askedBy", "bob", "traceId", trace))
                .doesNotContainKey("idempotencyKey");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "00-00000000000000000000000000000000-b7ad6b7169203331-01", "ff-" + TRACE + "-b7ad6b7169203331-01",
        "00-" + TRACE + "-0000000000000000-01", "00-" + TRACE + "-b7ad6b7169203331-01\tX: 1"})
    void a_trace_that_is_none_is_not_taken_over(String traceparent) {
        http.post().uri("/desk/order-4").headers(as("bob")).header("traceparent", traceparent).exchange().expectStatus().isAccepted()
                .expectHeader().value("X-Trace-Id", trace -> assertThat(trace).matches("[0-9a-f]{32}").isNotEqualTo(TRACE));
    }

    @Test
    void an_event_from_the_edge_tells_too() {
        http.post().uri("/desk/order-5/news").headers(as("olga")).header("traceparent", TRACEPARENT).exchange().expectStatus().isOk();

        assertThat(event(Told.class, "order-5").getMetaData()).containsAllEntriesOf(Map.of("askedBy", "olga", "traceId", TRACE));
    }

    @Test
    void what_comes_of_an_event_that_does_not_tell_counts_as_the_services_own() {
        events.publish(new AskedFor(new OrderId("order-6")));

        assertThat(event(Fetched.class, "order-6").getMetaData()).containsEntry("askedBy", "jangter")
                .hasEntrySatisfying("traceId", trace -> assertThat(trace.toString()).matches("[0-9a-f]{32}"));
    }

    @Test
    void a_bug_and_an_unknown_page_tell_their_trace() {
        http.get().uri("/desk/bug").headers(as("alice")).header("traceparent", TRACEPARENT).exchange().expectStatus().isEqualTo(500)
                .expectHeader().valueEquals("X-Trace-Id", TRACE).expectBody().jsonPath("$.traceId").isEqualTo(TRACE);
        http.get().uri("/nowhere").headers(as("alice")).header("traceparent", TRACEPARENT).exchange().expectStatus().isNotFound()
                .expectHeader().valueEquals("X-Trace-Id", TRACE);
    }

    private EventMessage<?> event(Class<?> type, String orderId) {
        return await().atMost(Duration.ofSeconds(30)).until(() -> {
            try (Stream<? extends EventMessage<?>> all = store.openStream(store.createTailToken()).asStream()) {
                List<? extends EventMessage<?>> found = all.limit(store.createHeadToken().position().orElse(-1) + 1)
                        .filter(event -> type.isInstance(event.getPayload()) && event.getPayload().toString().contains(orderId + "]")).toList();
                return found.isEmpty() ? null : found.get(0);
            }
        }, Objects::nonNull);
    }
}
