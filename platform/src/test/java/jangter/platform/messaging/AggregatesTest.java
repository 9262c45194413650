package jangter.platform.messaging;

import static jangter.platform.Tokens.asStaff;
import static org.assertj.core.api.Assertions.assertThat;
import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import jangter.platform.ServiceTest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/** The time machine. */
@ServiceTest(AggregatesTest.Shelf.class)
class AggregatesTest {

    record Place(@TargetAggregateIdentifier String shelf, String thing, int weight) {
    }

    record Placed(String shelf, String thing, int weight) {
    }

    record Removed(String shelf, String thing) {
    }

    @Aggregate(snapshotTriggerDefinition = "snapshots", cache = "aggregateCache")
    static class Shelf {

        static final AtomicInteger TOLD = new AtomicInteger();

        @AggregateIdentifier
        private String id;
        private int weight;
        private final Map<String, Integer> things = new LinkedHashMap<>();
        private final List<String> log = new ArrayList<>();

        Shelf() {
        }

        @CommandHandler
        void handle(Place command) {
            apply(new Placed(command.shelf(), command.thing(), command.weight()));
        }

        @EventSourcingHandler
        void on(Placed event) {
            TOLD.incrementAndGet();
            id = event.shelf();
            weight += event.weight();
            things.put(event.thing(), event.weight());
        }

        @EventSourcingHandler
        void on(Removed event) {
            weight -= things.remove(event.thing());
            log.add("removed a/b~c");
        }
    }

    @Autowired
    EventStore events;

    @Autowired
    WebTestClient http;

    @Test
    void an_aggregate_is_shown_as_it_was_after_each_of_its_events_and_what_each_changed() {
        publish("shelf-1", new Placed("shelf-1", "jug", 3), new Placed("shelf-1", "cup/1", 1), new Removed("shelf-1", "jug"));

        show("shelf-1", "?at=0").jsonPath("$.state.weight").isEqualTo(3).jsonPath("$.state.things.jug").isEqualTo(3)
                .jsonPath("$.last").isEqualTo(2).jsonPath("$.type").isEqualTo("Shelf").jsonPath("$.event.type").isEqualTo(Placed.class.getName())
                .jsonPath("$.event.payload.thing").isEqualTo("jug")
                .jsonPath("$.changes[?(@.path == '/id')].after").isEqualTo("shelf-1");
        show("shelf-1", "?at=1").jsonPath("$.state.weight").isEqualTo(4).jsonPath("$.changes.length()").isEqualTo(2)
                .jsonPath("$.changes[0].path").isEqualTo("/things/cup~11")
                .jsonPath("$.changes[1].path").isEqualTo("/weight").jsonPath("$.changes[1].before").isEqualTo(3).jsonPath("$.changes[1].after").isEqualTo(4);
        show("shelf-1", "").jsonPath("$.at").isEqualTo(2).jsonPath("$.state.weight").isEqualTo(1)
                .jsonPath("$.changes[?(@.path == '/things/jug')].before").isEqualTo(3).jsonPath("$.changes[?(@.path == '/log/0')].after").exists();
    }

    @Test
    void what_is_not_there_or_not_this_services_is_unknown() {
        publish("shelf-2", new Placed("shelf-2", "jug", 3));
        events.publish(new GenericDomainEventMessage<>("Cellar", "cellar-1", 0, new Placed("cellar-1", "jug", 3)));

        for (String path : List.of("shelf-2?at=1", "shelf-2?at=-1", "shelf-3", "cellar-1")) {
            http.get().uri("/actuator/aggregates/" + path).headers(asStaff("olga")).exchange().expectStatus().isNotFound();
        }
        http.get().uri("/actuator/aggregates/shelf-2?at=x").headers(asStaff("olga")).exchange().expectStatus().isBadRequest();
    }

    @Test
    void looking_at_the_past_tells_nobody_anything_and_a_second_look_begins_at_what_was_kept() {
        EventMessage<?>[] story = LongStream.range(0, 3_500)
                .mapToObj(i -> new GenericDomainEventMessage<>("Shelf", "shelf-4", i, new Placed("shelf-4", "thing-" + i % 7, 1))).toArray(EventMessage[]::new);
        events.publish(story);
        long head = events.createHeadToken().position().orElseThrow();

        show("shelf-4", "?at=3400").jsonPath("$.state.weight").isEqualTo(3_401);
        int told = Shelf.TOLD.get();
        show("shelf-4", "?at=3200").jsonPath("$.state.weight").isEqualTo(3_201);
        assertThat(Shelf.TOLD.get() - told).isEqualTo(201);
        for (int at : new int[] {0, 999, 1000, 1001, 2999, 3000, 3499}) {
            show("shelf-4", "?at=" + at).jsonPath("$.state.weight").isEqualTo(at + 1).jsonPath("$.changes[?(@.path == '/weight')].after").isEqualTo(at + 1);
        }

        assertThat(events.createHeadToken().position()).hasValue(head);
    }

    private void publish(String shelf, Object... payloads) {
        for (int i = 0; i < payloads.length; i++) {
            events.publish(new GenericDomainEventMessage<>("Shelf", shelf, i, payloads[i]));
        }
    }

    private WebTestClient.BodyContentSpec show(String shelf, String query) {
        return http.get().uri("/actuator/aggregates/" + shelf + query).headers(asStaff("olga")).exchange().expectStatus().isOk().expectBody();
    }
}
