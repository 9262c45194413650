package jangter.platform.messaging;

import static jangter.platform.Tokens.asStaff;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.model.Updates;
import io.micrometer.core.instrument.MeterRegistry;
import jangter.platform.ServiceTest;
import jangter.platform.mongo.Databases;
import jangter.platform.mongo.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.serialization.Serializer;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Events that a view cannot digest. */
@ServiceTest({DeadLettersTest.Pantry.class, DeadLettersTest.PantryView.class, DeadLettersTest.PantrySettlement.class})
class DeadLettersTest {

    record Filled(String jar, int with) {
    }

    record Emptied(String jar) {
    }

    static class Pantry {

        @Bean
        @Primary
        StoredEvents storedEvents(@Qualifier("eventSerializer") Serializer serializer, org.axonframework.config.Configuration axon) {
            return new StoredEvents(serializer, events -> axon.upcasterChain().upcast(events));
        }
    }

    /** Says what it wants written, and then cannot stomach some of it. */
    @ProcessingGroup("pantry-views")
    static class PantryView {

        static final Set<Integer> INDIGESTIBLE = ConcurrentHashMap.newKeySet();
        private final View jars;
        private final View shelves;
        private final View labels;

        PantryView(Databases databases) {
            jars = databases.of("pantry").view("pantry-views", "jars");
            shelves = databases.of("pantry").view("pantry-views", "shelves");
            labels = databases.of("pantry").view("pantry-views", "labels");
        }

        @EventHandler
        void on(Filled event) {
            jars.set(event.jar(), Updates.push("contents", event.with()));
            if (INDIGESTIBLE.contains(event.with())) {
                throw new IllegalStateException("Cannot stomach " + event.with());
            }
            if (event.with() < 0) {
                // the database will not count up a text
                shelves.set(event.jar(), Updates.set("weight", "much"));
                shelves.set(event.jar(), Updates.inc("weight", event.with()));
            }
            // one revision for all of a batch's events about a jar, as the checkouts' view does it
            Map<String, List<Integer>> batch = CurrentUnitOfWork.get().root().getOrComputeResource("labels", key -> new HashMap<>());
            batch.computeIfAbsent(event.jar(), this::beginLabel).add(event.with());
        }

        private List<Integer> beginLabel(String jar) {
            List<Integer> says = new ArrayList<>();
            labels.add(jar, stored -> List.of(Updates.addEachToSet("says", says)));
            return says;
        }
    }

    @ProcessingGroup("pantry-settlement")
    static class PantrySettlement {

        static final AtomicInteger TRIES = new AtomicInteger();

        @EventHandler
        void on(Emptied event) {
            if (TRIES.incrementAndGet() < 3) {
                throw new IllegalStateException("Not yet");
            }
        }
    }

    @Autowired
    EventStore events;

    @Autowired
    StoredEvents stored;

    @Autowired
    Databases databases;

    @Autowired
    MeterRegistry meters;

    @Autowired
    WebTestClient http;

    @Autowired
    BeanFactory service;

    @Test
    void what_a_view_cannot_digest_is_set_aside_with_all_that_follows_it_and_the_others_go_on() {
        PantryView.INDIGESTIBLE.add(13);
        double before = meters.counter("jangter.deadletters", "processor", "pantry-views").count();
        fill("jar-1", 1, 13, 2);
        fill("jar-2", 1, 2, 3);

        contents("jar-2", 1, 2, 3);
        letters("jar-1", 2);
        contents("jar-1", 1);
        http.get().uri("/actuator/deadletters/pantry-views").headers(asStaff("olga")).exchange().expectStatus().isOk().expectBody()
                .jsonPath("$[?(@.sequence == 'jar-1')].processor").isEqualTo("pantry-views")
                .jsonPath("$[?(@.sequence == 'jar-1')].eventType").isEqualTo(Filled.class.getName())
                .jsonPath("$[?(@.sequence == 'jar-1')].cause").isEqualTo("java.lang.IllegalStateException: Cannot stomach 13")
                .jsonPath("$[?(@.sequence == 'jar-1')].tries").isEqualTo(1)
                .jsonPath("$[?(@.sequence == 'jar-1')].since").exists();
        http.get().uri("/actuator/processors/pantry-views").headers(asStaff("olga")).exchange().expectBody().jsonPath("$.segments[0].error").doesNotExist();
        assertThat(meters.counter("jangter.deadletters", "processor", "pantry-views").count()).isEqualTo(before + 1);

        act("retry", "jar-1");
        letters("jar-1", 2);
        http.get().uri("/actuator/deadletters").headers(asStaff("olga")).exchange().expectBody().jsonPath("$[?(@.sequence == 'jar-1')].tries").isEqualTo(2);
        contents("jar-1", 1);

        PantryView.INDIGESTIBLE.remove(13);
        act("retry", "jar-1");
        letters("jar-1", 0);
        contents("jar-1", 1, 13, 2);
        events.publish(filled("jar-1", 3, 3));
        contents("jar-1", 1, 13, 2, 3);
        assertThat(databases.of("pantry").view("pantry-views", "labels").find("jar-1").block().getList("says", Integer.class)).containsExactly(1, 13, 2, 3);
    }

    @Test
    void what_is_dropped_is_left_out_and_what_follows_is_handled() {
        PantryView.INDIGESTIBLE.add(99);
        fill("jar-3", 1, 99, 2);
        letters("jar-3", 2);

        act("drop", "jar-3");

        letters("jar-3", 0);
        events.publish(filled("jar-3", 3, 3));
        contents("jar-3", 1, 3);
    }

    @Test
    void all_sequences_are_tried_again_at_once() {
        PantryView.INDIGESTIBLE.add(21);
        fill("jar-4", 21, 1);
        fill("jar-5", 21, 2);
        letters("jar-4", 2);
        letters("jar-5", 2);
        PantryView.INDIGESTIBLE.remove(21);

        http.post().uri("/actuator/deadletters/pantry-views").headers(asStaff("olga")).contentType(MediaType.APPLICATION_JSON).bodyValue("{\"action\":\"retry\"}").exchange()
                .expectStatus().isOk();

        contents("jar-4", 21, 1);
        contents("jar-5", 21, 2);
    }

    @Test
    void a_view_that_is_built_anew_begins_without_dead_letters() {
        PantryView.INDIGESTIBLE.add(31);
        fill("jar-6", 1, 31, 2);
        letters("jar-6", 2);
        PantryView.INDIGESTIBLE.remove(31);

        ViewsAnew.build(service, "pantry-views");

        contents("jar-6", 1, 31, 2);
        letters("jar-6", 0);
    }

    @Test
    void what_the_database_refuses_to_write_is_set_aside_too_and_the_rest_of_its_batch_is_written() {
        double before = failures("pantry-views");
        fill("jar-7", 1, -1, 2);
        fill("jar-8", 1, 2);

        contents("jar-8", 1, 2);
        letters("jar-7", 2);
        assertThat(failures("pantry-views")).isGreaterThan(before);
        http.get().uri("/actuator/deadletters").headers(asStaff("olga")).exchange().expectBody().jsonPath("$[?(@.sequence == 'jar-7')].cause")
                .value(List.class, cause -> assertThat(cause.toString()).contains("wants written to shelves was refused"));
        act("retry", "jar-7");
        letters("jar-7", 2);
        act("drop", "jar-7");
    }

    @Test
    void an_event_that_cannot_be_read_is_set_aside_and_can_be_listed_and_dropped() {
        stored.add("jar-9", 0, Filled.class.getName(), null, "{\"jar\":\"jar-9\",\"with\":{\"unreadable\":true}}");
        stored.add("jar-10", 0, Filled.class.getName(), null, "{\"jar\":\"jar-10\",\"with\":5}");

        contents("jar-10", 5);
        letters("jar-9", 1);
        act("retry", "jar-9");
        letters("jar-9", 1);
        act("drop", "jar-9");
        letters("jar-9", 0);
    }

    @Test
    void what_acts_tries_again_until_it_can_and_sets_nothing_aside() {
        double before = failures("pantry-settlement");

        events.publish(new GenericDomainEventMessage<>("Jar", "jar-11", 0, new Emptied("jar-11")));

        await().atMost(Duration.ofSeconds(20)).until(() -> PantrySettlement.TRIES.get() >= 3);
        assertThat(failures("pantry-settlement")).isEqualTo(before + 2);
        http.get().uri("/actuator/deadletters/pantry-settlement").headers(asStaff("olga")).exchange().expectStatus().isNotFound();
    }

    @Test
    void what_is_no_sequence_or_no_processor_is_not_found() {
        for (String what : List.of("pantry-views", "nobody")) {
            http.post().uri("/actuator/deadletters/" + what).headers(asStaff("olga")).contentType(MediaType.APPLICATION_JSON)
                    .bodyValue("{\"action\":\"retry\",\"sequence\":\"nothing\"}").exchange().expectStatus().isNotFound();
        }
        http.post().uri("/actuator/deadletters/pantry-views").headers(asStaff("olga")).contentType(MediaType.APPLICATION_JSON).bodyValue("{\"action\":\"drop\"}").exchange()
                .expectStatus().isBadRequest();
    }

    private void fill(String jar, int... with) {
        for (int number = 0; number < with.length; number++) {
            events.publish(filled(jar, number, with[number]));
        }
    }

    private static GenericDomainEventMessage<Filled> filled(String jar, int number, int with) {
        return new GenericDomainEventMessage<>("Jar", jar, number, new Filled(jar, with));
    }

    private void contents(String jar, Integer... expected) {
        View jars = databases.of("pantry").view("pantry-views", "jars");
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            Document found = jars.find(jar).block();
            assertThat(found).isNotNull();
            assertThat(found.getList("contents", Integer.class)).containsExactly(expected);
        });
    }

    private void letters(String jar, int expected) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            WebTestClient.BodyContentSpec listed = http.get().uri("/actuator/deadletters").headers(asStaff("olga")).exchange().expectStatus().isOk().expectBody();
            if (expected == 0) {
                listed.jsonPath("$[?(@.sequence == '" + jar + "')]").isEmpty();
            } else {
                listed.jsonPath("$[?(@.sequence == '" + jar + "')].letters").isEqualTo(expected);
            }
        });
    }

    private void act(String action, String sequence) {
        http.post().uri("/actuator/deadletters/pantry-views").headers(asStaff("olga")).contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"action\":\"" + action + "\",\"sequence\":\"" + sequence + "\"}").exchange().expectStatus().isOk();
    }

    private double failures(String processor) {
        return meters.counter("jangter.processor.failures", "processor", processor).count();
    }
}
