package jangter.platform;

import com.mongodb.MongoClientSettings;
import com.mongodb.reactivestreams.client.MongoClient;
import jangter.platform.http.Backing;
import jangter.platform.http.HttpConfiguration;
import jangter.platform.messaging.MessagingConfiguration;
import jangter.platform.mongo.Databases;
import jangter.platform.mongo.EditionsWatch;
import jangter.platform.mongo.Housekeeping;
import jangter.platform.mongo.LostConnections;
import jangter.platform.security.SecurityConfiguration;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.axonframework.axonserver.connector.AxonServerConnectionManager;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.mongodb.autoconfigure.MongoClientFactory;
import org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import tools.jackson.databind.json.JsonMapper;

/** What every service needs to run, as one configuration to import. */
@Configuration(proxyBeanMethods = false)
@Import({HttpConfiguration.class, SecurityConfiguration.class, MessagingConfiguration.class})
@EnableConfigurationProperties(Shop.class)
public class Platform {

    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    Databases databases(MongoClient client, JsonMapper json, Clock clock) {
        return new Databases(client, json, clock);
    }

    @Bean
    LostConnections lostConnections() {
        return new LostConnections();
    }

    /**
     * How long MongoDB may be silent before it counts as away. Its driver would wait for half a minute, and look for a lost server every
     * ten seconds. What the address itself says stands.
     */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    MongoClientSettingsBuilderCustomizer mongoTimes(LostConnections lost) {
        return settings -> settings
                .applyToClusterSettings(cluster -> cluster.serverSelectionTimeout(2, TimeUnit.SECONDS))
                .applyToServerSettings(server -> server.heartbeatFrequency(1, TimeUnit.SECONDS))
                .applyToSocketSettings(socket -> socket.connectTimeout(5, TimeUnit.SECONDS).readTimeout(30, TimeUnit.SECONDS))
                .applyToConnectionPoolSettings(pool -> pool.maxWaitTime(5, TimeUnit.SECONDS).addConnectionPoolListener(lost));
    }

    /**
     * The client of the event processors' tokens, in Boot's place. It waits for a MongoDB that is away, and goes on as soon as it is back:
     * after failures Axon waits ever longer before it tries again, up to a minute.
     */
    @Bean
    com.mongodb.client.MongoClient tokensMongoClient(List<MongoClientSettingsBuilderCustomizer> customizers,
            @Qualifier("mongoTimes") MongoClientSettingsBuilderCustomizer mongoTimes,
            @Qualifier("nettyDriverCustomizer") Optional<MongoClientSettingsBuilderCustomizer> netty, MongoClientSettings settings) {
        List<MongoClientSettingsBuilderCustomizer> patient = new ArrayList<>(customizers);
        patient.add(customizers.indexOf(mongoTimes) + 1,
                builder -> builder.applyToClusterSettings(cluster -> cluster.serverSelectionTimeout(30, TimeUnit.SECONDS)));
        // whoever waits for an answer need not be handed it by an event loop
        netty.ifPresent(patient::remove);
        return new MongoClientFactory(patient).createMongoClient(settings);
    }

    @Bean
    Backing mongoBacking(MongoClient client) {
        return new Backing("mongo", true, () -> client.getClusterDescription().hasWritableServer());
    }

    /** What is read is in MongoDB: it can be shown while Axon Server is away. */
    @Bean
    @ConditionalOnProperty(name = "axon.axonserver.enabled", matchIfMissing = true)
    Backing axonServerBacking(AxonServerConnectionManager connections) {
        return new Backing("axon-server", false, () -> {
            Map<String, Boolean> connected = connections.connections();
            return !connected.isEmpty() && connected.values().stream().allMatch(Boolean.TRUE::equals);
        });
    }

    @Bean
    EditionsWatch editionsWatch(Databases databases) {
        return new EditionsWatch(databases);
    }

    @Bean
    Housekeeping housekeeping(Databases databases) {
        return new Housekeeping(databases);
    }

    /** Takes the place of Boot's own, whose question the embedded Mongo does not understand. */
    @Bean
    ReactiveHealthIndicator mongoHealthContributor(MongoClient client) {
        return new MongoHealth(client);
    }

    @Bean
    @ConditionalOnProperty(name = "axon.axonserver.enabled", matchIfMissing = true)
    ReactiveHealthIndicator axonServerHealthContributor(AxonServerConnectionManager connections) {
        return new AxonServerHealth(connections);
    }
}
