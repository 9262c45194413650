package jangter.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.model.Updates;
import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import jangter.platform.Platform;
import jangter.platform.Tokens;
import jangter.platform.mongo.Databases;
import jangter.platform.mongo.Rebuild;
import jangter.platform.mongo.Rebuild.State;
import jangter.platform.mongo.View;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.bson.Document;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * How fast a view is built anew where events cost nothing, so that what is measured is views, tokens and MongoDB: {@code ./mvnw -pl platform
 * -am test -Pbars}. What it is over the wire, {@code ./run bench} tells.
 */
@Tag("bars")
class ViewRebuildBarsTest {

    private static final String GROUP = "stock-views";
    private static final int EVENTS = Integer.getInteger("bars.events", 200_000);
    private static final int PER_ITEM = 20;
    /** In a JVM that is cold, a third of the time goes to the compiler. */
    private static final int LEAST_TIMES = 8;
    private static final int MOST_TIMES = 15;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @TempDir
    static Path folder;

    record Counted(String item, int pieces) {
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Platform.class, Tokens.class, Items.class})
    static class Stock {

        @Bean
        EventStorageEngine eventStorageEngine() {
            return counted();
        }

        private static InMemoryEventStorageEngine counted() {
            InMemoryEventStorageEngine events = new InMemoryEventStorageEngine();
            List<DomainEventMessage<?>> some = new ArrayList<>();
            for (int number = 0; number < EVENTS; number++) {
                String item = "item-" + number % (EVENTS / PER_ITEM);
                some.add(new GenericDomainEventMessage<>("Item", item, number / (EVENTS / PER_ITEM), new Counted(item, number)));
            }
            events.appendEvents(some);
            return events;
        }
    }

    @ProcessingGroup(GROUP)
    static class Items {

        private final View items;

        Items(Databases databases) {
            items = databases.of("stock").view(GROUP, "items");
        }

        @EventHandler
        void on(Counted event, @SequenceNumber long version) {
            // guarded as a wallet's balance is: of two states the one with the greater version is the greater
            items.set(event.item(), Updates.max("state", new Document("version", version).append("pieces", event.pieces())));
        }
    }

    @Test
    void views_in_memory_are_built_anew_at_40_000_events_a_second() {
        assertThat(measure("memory", new MemoryBackend())).isGreaterThanOrEqualTo(40_000);
    }

    @Test
    void views_on_a_file() {
        assertThat(measure("file", new H2Backend(folder.resolve("mongo.mv").toString()))).isPositive();
    }

    private static long measure(String where, MongoBackend backend) {
        MongoServer mongo = new MongoServer(backend);
        mongo.bind();
        try (ConfigurableApplicationContext service = new SpringApplicationBuilder(Stock.class).run("--server.port=0", "--jangter.port=0",
                "--axon.axonserver.enabled=false",
                "--spring.security.oauth2.resourceserver.jwt.issuer-uri=" + Tokens.ISSUER,
                "--spring.security.oauth2.resourceserver.jwt.jwk-set-uri=" + Tokens.ISSUER + "/keys", "--spring.mongodb.uri=mongodb://127.0.0.1:" + mongo.getLocalAddress().getPort())) {
            Rebuilds rebuilds = service.getBean(Rebuilds.class);
            ProcessorsEndpoint endpoint = service.getBean(ProcessorsEndpoint.class);
            await().atMost(PATIENCE).until(() -> endpoint.one(GROUP).lag() == 0);
            long best = 0;
            long last = 0;
            for (int time = 1; time <= LEAST_TIMES || last > best && time <= MOST_TIMES; time++) {
                best = Math.max(best, last);
                Instant begun = Instant.now();
                rebuilds.begin(GROUP, null).orElseThrow();
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> rebuild(rebuilds).state() != State.BUILDING);
                long millis = Duration.between(begun, Instant.now()).toMillis();
                await().atMost(PATIENCE).until(() -> rebuild(rebuilds).state() == State.SWITCHED);
                System.out.printf("views on %s: %,d events built anew in %,d ms, %,d a second; compared and switched after %,d ms%n", where, EVENTS, millis,
                        EVENTS * 1000L / millis, Duration.between(begun, Instant.now()).toMillis());
                last = EVENTS * 1000L / millis;
            }
            return Math.max(best, last);
        } finally {
            mongo.shutdownNow();
        }
    }

    private static Rebuild rebuild(Rebuilds rebuilds) {
        return rebuilds.of(GROUP).orElseThrow();
    }
}
