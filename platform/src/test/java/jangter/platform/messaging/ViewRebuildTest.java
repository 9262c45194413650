package jangter.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import jangter.kernel.UnavailableException;
import jangter.platform.MovableClock;
import jangter.platform.Platform;
import jangter.platform.Tokens;
import jangter.platform.messaging.ProcessorsEndpoint.Action;
import jangter.platform.messaging.ProcessorsEndpoint.Difference;
import jangter.platform.messaging.ProcessorsEndpoint.Processor;
import jangter.platform.messaging.ProcessorsEndpoint.Progressing;
import jangter.platform.mongo.Databases;
import jangter.platform.mongo.Edition;
import jangter.platform.mongo.Housekeeping;
import jangter.platform.mongo.Rebuild.State;
import jangter.platform.mongo.TokenStores;
import jangter.platform.mongo.View;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;

/** Views that are built anew while two instances of their service read and write them. */
class ViewRebuildTest {

    private static final String GROUP = "ledger-views";
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    /** For each guarded write this Mongo, which has no more than the library, reads the whole collection. */
    private static final int SUMMED = 6;

    record Entered(String account, int amount) {
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Platform.class, Tokens.class, Accounts.class})
    static class Ledger {

        @Bean
        EventStorageEngine eventStorageEngine() {
            return EVENTS;
        }

        @Bean
        @Primary
        MovableClock movableClock() {
            return CLOCK;
        }
    }

    @ProcessingGroup(GROUP)
    static class Accounts {

        private final View accounts;
        private final View sums;

        Accounts(Databases databases) {
            accounts = databases.of("ledger").view(GROUP, "accounts");
            sums = databases.of("ledger").view(GROUP, "sums");
        }

        @EventHandler
        void on(Entered event, @SequenceNumber long number) {
            if (event.amount() >= tooMuchForNewEditions && Edition.inHand().orElseThrow().number() > highestEdition) {
                throw new UnavailableException("Not now", new IllegalStateException("held by the test"));
            }
            if (INDIGESTIBLE.contains(event.account())) {
                throw new IllegalStateException("Cannot stomach " + event.account());
            }
            accounts.set(event.account(), Updates.set("entries." + number, event.amount()));
            if (number < SUMMED) {
                // in the other copy it would find one, and write nothing
                sums.revise(event.account() + "-" + number, stored -> stored == null ? Map.of("amount", event.amount()) : Map.of());
            }
        }
    }

    private static final InMemoryEventStorageEngine EVENTS = new InMemoryEventStorageEngine();
    private static final MovableClock CLOCK = new MovableClock();
    private static final Set<String> INDIGESTIBLE = ConcurrentHashMap.newKeySet();
    private static final Map<String, Integer> ENTRIES = new ConcurrentHashMap<>();
    private static volatile int tooMuchForNewEditions = Integer.MAX_VALUE;
    private static volatile int highestEdition = Integer.MAX_VALUE;

    private static MongoServer mongo;
    private static ConfigurableApplicationContext one;
    private static ConfigurableApplicationContext two;

    @BeforeAll
    static void start() {
        GenericEventMessage.clock = CLOCK;
        mongo = new MongoServer(H2Backend.inMemory());
        mongo.bind();
        one = instance();
        two = instance();
        for (int account = 0; account < 50; account++) {
            enter("account-" + account, IntStream.range(0, 60).toArray());
        }
        caughtUp();
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
        mongo.shutdownNow();
        GenericEventMessage.clock = Clock.systemUTC();
    }

    @AfterEach
    void end() {
        letGo();
        INDIGESTIBLE.clear();
        databases(one).of("ledger").editions().refresh();
        if (rebuild(one) != null && rebuild(one).state().isUnderWay()) {
            act(one, Action.ABANDON);
            reaches(one, State.ABANDONED);
        }
    }

    @Test
    void readers_see_all_there_is_while_a_view_is_built_anew_and_events_that_come_meanwhile_are_in() {
        enter("late", 1_000_000);
        caughtUp();
        hold(1_000_000);
        int before = current();
        long accounts = count("accounts");

        Progressing begun = reset(one, null);

        assertThat(begun.state()).isEqualTo(State.BUILDING);
        await().atMost(PATIENCE).until(() -> written("accounts", before + 1) > 0);
        for (int read = 0; read < 20; read++) {
            assertThat(count("accounts")).isEqualTo(accounts);
        }
        assertThat(current()).isEqualTo(before);
        assertThat(entries(one, "late")).containsValue(1_000_000);
        enter("account-0", 77);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(entries(two, "account-0")).containsValue(77));
        Progressing held = await().atMost(PATIENCE).until(() -> rebuild(two), rebuild -> rebuild.state() == State.BUILDING && rebuild.position() != null);
        assertThat(held.head()).isGreaterThan(3_000);
        assertThat(held.position()).isLessThan(held.head());

        letGo();
        Progressing done = reaches(one, State.SWITCHED);

        assertThat(done.differencesFound()).isZero();
        assertThat(done.secondsLeft()).isNull();
        assertThat(current()).isEqualTo(before + 1);
        for (ConfigurableApplicationContext instance : List.of(one, two)) {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(databases(instance).current(GROUP).number()).isEqualTo(before + 1));
            assertThat(entries(instance, "account-0")).hasSize(61).containsValue(77);
            assertThat(entries(instance, "late")).containsValue(1_000_000);
        }
    }

    @Test
    void what_comes_after_the_switch_is_handled_by_the_instances_again_and_segments_stay_theirs() {
        reset(two, null);
        reaches(two, State.SWITCHED);
        Edition current = new Edition(GROUP, current());

        enter("account-1", 1234);

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(entries(one, "account-1")).containsValue(1234);
            instancesHoldNothingBut(current);
            Processor shown = show(one);
            assertThat(shown.segments()).hasSize(2);
            assertThat(shown.lag()).isZero();
        });
    }

    @Test
    void copies_that_differ_are_shown_and_nothing_is_switched_until_somebody_says_so() {
        int before = current();
        plant("accounts", "account-2", Updates.set("entries.3", 999));
        database().getCollection(collection("sums", before)).deleteOne(Filters.eq("_id", "account-4-5"));
        database().getCollection(collection("accounts", before)).insertOne(new Document("_id", "nobody").append("since", Instant.EPOCH));

        reset(one, null);
        Progressing waiting = reaches(two, State.WAITING);

        assertThat(waiting.differencesFound()).isEqualTo(3);
        assertThat(waiting.differences()).extracting(Difference::view, Difference::id)
                .containsExactly(tuple("accounts", "account-2"), tuple("accounts", "nobody"),
                        tuple("sums", "account-4-5"));
        assertThat(waiting.differences().get(0).before().get("entries").toString()).contains("3=999");
        assertThat(waiting.differences().get(0).after().get("entries").toString()).contains("3=3");
        assertThat(waiting.differences().get(1).after()).isNull();
        assertThat(waiting.differences().get(1).before()).containsEntry("since", Instant.EPOCH);
        assertThat(waiting.differences().get(2).before()).isNull();
        assertThat(entries(one, "account-2")).containsEntry("3", 999);

        enter("account-2", 4321);
        act(two, Action.SWITCH);
        reaches(one, State.SWITCHED);

        assertThat(entries(one, "account-2")).containsEntry("3", 3);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(entries(two, "account-2")).containsValue(4321).containsEntry("3", 3));
    }

    @Test
    void what_is_abandoned_leaves_no_trace_and_the_next_rebuild_succeeds() {
        hold(30);
        int before = current();
        reset(one, null);
        await().atMost(PATIENCE).until(() -> database().listCollectionNames().into(new ArrayList<>()).contains(collection("accounts", newest())));
        int abandoned = newest();

        act(two, Action.ABANDON);
        reaches(one, State.ABANDONED);

        assertThat(current()).isEqualTo(before);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(database().listCollectionNames().into(new ArrayList<>())).doesNotContain(collection("accounts", abandoned), collection("sums", abandoned));
            assertThat(database().getCollection("tokens").countDocuments(Filters.eq("processorName", new Edition(GROUP, abandoned).name()))).isZero();
        });
        letGo();
        reset(one, null);
        assertThat(reaches(one, State.SWITCHED).differencesFound()).isZero();
        assertThat(current()).isGreaterThan(abandoned);
    }

    @Test
    void what_an_instance_that_stops_leaves_undone_another_one_goes_on_with() {
        hold(40);
        int before = current();
        ConfigurableApplicationContext three = instance();
        reset(three, null);
        await().atMost(PATIENCE).until(() -> written("accounts", newest()) > 0 || rebuild(three).position() != null);

        three.close();

        assertThat(current()).isEqualTo(before);
        assertThat(entries(one, "account-5")).hasSizeGreaterThanOrEqualTo(60);
        letGo();
        assertThat(reaches(one, State.SWITCHED).differencesFound()).isZero();
        assertThat(current()).isEqualTo(newest());
    }

    @Test
    void what_a_killed_instance_leaves_undone_another_one_goes_on_with_when_it_was_silent_for_a_while() {
        assertThat(databases(one).of("ledger").editions().begin(GROUP, null, Instant.now())).as("begun by somebody who then says nothing").isPresent();

        await().atMost(PATIENCE).until(() -> current() == newest());
        reaches(two, State.SWITCHED);
    }

    @Test
    void one_rebuild_at_a_time_and_no_split_meanwhile() {
        hold(40);
        reset(one, null);

        assertThatThrownBy(() -> reset(two, null)).isInstanceOf(InvalidEndpointRequestException.class).hasMessageContaining("being rebuilt already");
        assertThatThrownBy(() -> endpoint(one).act(GROUP, Action.SPLIT, 0, null)).isInstanceOf(InvalidEndpointRequestException.class);
        assertThatThrownBy(() -> act(one, Action.SWITCH)).isInstanceOf(InvalidEndpointRequestException.class).hasMessageContaining("waits");
        assertThatThrownBy(() -> endpoint(one).act(GROUP, Action.RESET, null, "-1")).isInstanceOf(InvalidEndpointRequestException.class);

        act(one, Action.ABANDON);
        reaches(one, State.ABANDONED);
        assertThatThrownBy(() -> act(one, Action.ABANDON)).isInstanceOf(InvalidEndpointRequestException.class);
    }

    @Test
    void from_a_position_or_an_instant_on_events_are_handled_again_over_a_copy() {
        enter("old", 1, 2);
        caughtUp();
        CLOCK.forward(Duration.ofSeconds(10));
        Instant later = CLOCK.instant();
        long position = EVENTS.createHeadToken().position().orElseThrow() + 1;
        CLOCK.forward(Duration.ofSeconds(10));
        enter("young", 1, 2);
        caughtUp();

        for (String from : List.of(String.valueOf(position), later.toString())) {
            plant("accounts", "old", Updates.set("entries.0", 55));
            plant("accounts", "young", Updates.set("entries.0", 55));

            reset(one, from);
            Progressing waiting = reaches(one, State.WAITING);
            assertThat(waiting.differences()).extracting(Difference::id).containsExactly("young");
            act(one, Action.SWITCH);
            reaches(one, State.SWITCHED);

            assertThat(entries(one, "young")).containsEntry("0", 1);
            assertThat(entries(one, "old")).containsEntry("0", 55);
            assertThat(entries(one, "account-6")).hasSizeGreaterThanOrEqualTo(60);
        }
        reset(one, null);
        reaches(one, State.WAITING);
        act(one, Action.SWITCH);
        reaches(one, State.SWITCHED);
        assertThat(entries(one, "old")).containsEntry("0", 1);
    }

    @Test
    void each_copy_has_its_own_dead_letters() {
        INDIGESTIBLE.add("bad");
        enter("bad", 1, 2, 3);
        await().atMost(PATIENCE).until(() -> letters() == 3);

        reset(one, null);
        Progressing switched = reaches(one, State.SWITCHED);

        assertThat(switched.deadLetters()).isEqualTo(3);
        assertThat(letters()).isEqualTo(3);
        INDIGESTIBLE.clear();
        reset(one, null);
        await().atMost(PATIENCE).until(() -> rebuild(one).state() == State.WAITING);
        assertThat(letters()).as("those of the copy that is read").isEqualTo(3);
        act(one, Action.SWITCH);
        reaches(one, State.SWITCHED);
        assertThat(letters()).isZero();
        assertThat(entries(one, "bad")).hasSize(3);
    }

    @Test
    void a_copy_that_nobody_reads_any_more_is_dropped_a_minute_later() {
        int before = current();
        reset(one, null);
        reaches(one, State.SWITCHED);
        one.getBean(Housekeeping.class).clean().block();
        assertThat(database().listCollectionNames()).as("somebody may still read it").contains(collection("accounts", before));

        // who has not heard of the switch after a minute was paused, and may bring the old one back to life
        await().atMost(PATIENCE).untilAsserted(() -> instancesHoldNothingBut(new Edition(GROUP, current())));
        CLOCK.forward(Duration.ofMinutes(2));
        one.getBean(Housekeeping.class).clean().block();

        assertThat(database().listCollectionNames()).contains(collection("accounts", current())).doesNotContain(collection("accounts", before));
        assertThat(database().getCollection("tokens").distinct("processorName", String.class)).contains(new Edition(GROUP, current()).name())
                .doesNotContain(new Edition(GROUP, before).name());
    }

    private static ConfigurableApplicationContext instance() {
        return new SpringApplicationBuilder(Ledger.class).run("--server.port=0", "--jangter.port=0", "--axon.axonserver.enabled=false",
                "--spring.security.oauth2.resourceserver.jwt.issuer-uri=" + Tokens.ISSUER,
                "--spring.security.oauth2.resourceserver.jwt.jwk-set-uri=" + Tokens.ISSUER + "/keys",
                "--spring.mongodb.uri=mongodb://127.0.0.1:" + mongo.getLocalAddress().getPort());
    }

    private static void enter(String account, int... amounts) {
        EventStore events = one.getBean(EventStore.class);
        for (int amount : amounts) {
            int number = ENTRIES.merge(account, 1, Integer::sum) - 1;
            events.publish(new GenericDomainEventMessage<>("Account", account, number, new Entered(account, amount)));
        }
    }

    /** From now on a new edition cannot take in such amounts. */
    private static void hold(int from) {
        highestEdition = current();
        tooMuchForNewEditions = from;
    }

    private static void letGo() {
        tooMuchForNewEditions = Integer.MAX_VALUE;
    }

    private static Progressing reset(ConfigurableApplicationContext at, String from) {
        endpoint(at).act(GROUP, Action.RESET, null, from);
        return rebuild(at);
    }

    private static void act(ConfigurableApplicationContext at, Action action) {
        endpoint(at).act(GROUP, action, null, null);
    }

    private static Progressing reaches(ConfigurableApplicationContext at, State state) {
        return await().atMost(PATIENCE).until(() -> rebuild(at), rebuild -> rebuild.state() == state);
    }

    private static Progressing rebuild(ConfigurableApplicationContext at) {
        return show(at).rebuild();
    }

    private static Processor show(ConfigurableApplicationContext at) {
        return endpoint(at).one(GROUP);
    }

    private static ProcessorsEndpoint endpoint(ConfigurableApplicationContext at) {
        return at.getBean(ProcessorsEndpoint.class);
    }

    private static Databases databases(ConfigurableApplicationContext at) {
        return at.getBean(Databases.class);
    }

    private static void instancesHoldNothingBut(Edition edition) {
        assertThat(List.of(one, two)).flatExtracting(instance -> heldBy(instance)).containsOnly(edition).hasSize(2);
    }

    private static List<Edition> heldBy(ConfigurableApplicationContext at) {
        return at.getBean(EditionProcessors.class).all().get(GROUP).processingStatus().keySet().stream()
                .flatMap(segment -> at.getBean(TokenStores.class).claimed(GROUP, segment).stream()).toList();
    }

    private static Map<String, Object> entries(ConfigurableApplicationContext at, String account) {
        Document found = databases(at).of("ledger").view(GROUP, "accounts").find(account).block();
        return found == null ? Map.of() : found.get("entries", Document.class);
    }

    private static void caughtUp() {
        long head = EVENTS.createHeadToken().position().orElseThrow();
        await().atMost(PATIENCE).until(() -> show(one).segments().stream().allMatch(part -> part.position() != null && part.position() >= head));
    }

    private static long letters() {
        return show(one).deadLetters();
    }

    private static void plant(String view, String id, Bson what) {
        assertThat(stored(view).updateOne(Filters.eq("_id", id), what).getMatchedCount()).isEqualTo(1);
    }

    private static long count(String view) {
        return stored(view).countDocuments();
    }

    private static MongoCollection<Document> stored(String view) {
        return database().getCollection(collection(view, current()));
    }

    private static long written(String view, int edition) {
        return database().getCollection(collection(view, edition)).countDocuments();
    }

    private static String collection(String view, int edition) {
        return edition == 0 ? view : view + ".e" + edition;
    }

    private static int current() {
        Document pointer = pointer();
        return pointer == null ? 0 : pointer.getInteger("current", 0);
    }

    private static int newest() {
        return pointer().getInteger("newest");
    }

    private static Document pointer() {
        return database().getCollection("editions").find(Filters.eq("_id", GROUP)).first();
    }

    private static MongoDatabase database() {
        return one.getBean(MongoClient.class).getDatabase("jangter_ledger");
    }
}
