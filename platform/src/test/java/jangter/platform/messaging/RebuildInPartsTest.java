package jangter.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import jangter.kernel.UnavailableException;
import jangter.platform.Platform;
import jangter.platform.Tokens;
import jangter.platform.messaging.ProcessorsEndpoint.Action;
import jangter.platform.mongo.Databases;
import jangter.platform.mongo.Edition;
import jangter.platform.mongo.Rebuild.State;
import jangter.platform.mongo.TokenStores;
import jangter.platform.mongo.View;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** A view that is read in one segment, as where everything is in one JVM. */
class RebuildInPartsTest {

    private static final String GROUP = "ledger-views";
    private static final Edition NEXT = new Edition(GROUP, 1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ACCOUNTS = 40;
    private static final int ENTRIES = 50;

    record Entered(String account, int amount) {
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Platform.class, Tokens.class, Accounts.class})
    static class Ledger {

        @Bean
        EventStorageEngine eventStorageEngine() {
            return new InMemoryEventStorageEngine();
        }
    }

    @ProcessingGroup(GROUP)
    static class Accounts {

        private final View accounts;

        Accounts(Databases databases) {
            accounts = databases.of("ledger").view(GROUP, "accounts");
        }

        @EventHandler
        void on(Entered event, @SequenceNumber long number) {
            if (event.account().equals(heldBack) && Edition.inHand().orElseThrow().number() > 0) {
                throw new UnavailableException("Not now", new IllegalStateException("held by the test"));
            }
            accounts.advance(event.account(), "latest", number, Map.of("entries." + number, event.amount()));
        }
    }

    private static volatile String heldBack = "";

    private MongoServer mongo;
    private ConfigurableApplicationContext service;

    @BeforeEach
    void start() {
        mongo = new MongoServer(H2Backend.inMemory());
        mongo.bind();
        service = new SpringApplicationBuilder(Ledger.class).run("--server.port=0", "--jangter.port=0", "--axon.axonserver.enabled=false",
                "--jangter.messaging.segments=1", "--spring.security.oauth2.resourceserver.jwt.issuer-uri=" + Tokens.ISSUER,
                "--spring.security.oauth2.resourceserver.jwt.jwk-set-uri=" + Tokens.ISSUER + "/keys",
                "--spring.mongodb.uri=mongodb://127.0.0.1:" + mongo.getLocalAddress().getPort());
        for (int entry = 0; entry < ENTRIES; entry++) {
            for (int account = 0; account < ACCOUNTS; account++) {
                enter(account, entry);
            }
        }
        awaitAll(ENTRIES);
    }

    @AfterEach
    void stop() {
        heldBack = "";
        service.close();
        mongo.shutdownNow();
    }

    private void enter(int account, int entry) {
        String name = "account-" + account;
        service.getBean(EventStore.class).publish(new GenericDomainEventMessage<>("Account", name, entry, new Entered(name, account + entry)));
    }

    private Document entries(int account) {
        Document found = service.getBean(Databases.class).of("ledger").view(GROUP, "accounts").find("account-" + account).block();
        return found == null ? new Document() : found.get("entries", Document.class);
    }

    private void awaitAll(int entries) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            for (int account = 0; account < ACCOUNTS; account++) {
                assertThat(entries(account)).hasSize(entries);
            }
        });
    }

    private void reset() {
        service.getBean(ProcessorsEndpoint.class).act(GROUP, Action.RESET, null, null);
    }

    private State rebuild() {
        return service.getBean(ProcessorsEndpoint.class).one(GROUP).rebuild().state();
    }

    private TokenStores tokens() {
        return service.getBean(TokenStores.class);
    }

    @Test
    void it_is_built_in_two_and_read_in_one_again() {
        heldBack = "account-7";
        reset();
        await().atMost(PATIENCE).until(() -> tokens().positions(NEXT).values().stream().filter(Optional::isPresent).count() >= 1);
        assertThat(tokens().positions(NEXT)).containsOnlyKeys(0, 1);
        assertThat(rebuild()).isEqualTo(State.BUILDING);

        heldBack = "";
        await().atMost(PATIENCE).until(() -> rebuild() == State.SWITCHED);

        assertThat(tokens().positions(NEXT)).containsOnlyKeys(0);
        for (int account = 0; account < ACCOUNTS; account++) {
            enter(account, ENTRIES);
        }
        awaitAll(ENTRIES + 1);
        assertThat(entries(7)).containsEntry("49", 56);
    }

    @Test
    void joined_segments_go_on_from_where_the_hindmost_is() {
        for (List<Long> positions : List.of(List.of(5L, 3L), List.of(3L, 5L))) {
            tokens().begin(NEXT, List.of(0), new GlobalSequenceTrackingToken(positions.get(0)));
            tokens().initializeSegment(new GlobalSequenceTrackingToken(positions.get(1)), NEXT.name(), 1);

            tokens().join(NEXT);
            tokens().join(NEXT);

            assertThat(tokens().positions(NEXT)).containsOnly(Map.entry(0, Optional.of(new GlobalSequenceTrackingToken(3))));
        }
    }

    @Test
    void one_that_has_not_begun_is_the_hindmost() {
        tokens().begin(NEXT, List.of(0), new GlobalSequenceTrackingToken(5));
        tokens().initializeSegment(null, NEXT.name(), 1);

        tokens().join(NEXT);

        assertThat(tokens().positions(NEXT)).containsOnly(Map.entry(0, Optional.empty()));
    }
}
