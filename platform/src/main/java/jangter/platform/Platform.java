package jangter.platform;

import com.mongodb.reactivestreams.client.MongoClient;
import jangter.platform.http.HttpConfiguration;
import jangter.platform.messaging.MessagingConfiguration;
import jangter.platform.mongo.Databases;
import java.time.Clock;
import org.axonframework.axonserver.connector.AxonServerConnectionManager;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.json.JsonMapper;

/** What every service needs to run, as one configuration to import. */
@Configuration(proxyBeanMethods = false)
@Import({HttpConfiguration.class, MessagingConfiguration.class})
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
