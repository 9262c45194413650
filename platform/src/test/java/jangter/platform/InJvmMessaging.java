package jangter.platform;

import java.time.Clock;
import java.util.concurrent.Executors;
import org.axonframework.eventhandling.EventBus;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.scheduling.EventScheduler;
import org.axonframework.eventhandling.scheduling.java.SimpleEventScheduler;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** What stands in for Axon Server in a test of one service. */
@Configuration(proxyBeanMethods = false)
class InJvmMessaging {

    @Bean
    EventStorageEngine eventStorageEngine() {
        return new InMemoryEventStorageEngine();
    }

    @Bean
    EventScheduler eventScheduler(EventBus eventBus) {
        return SimpleEventScheduler.builder().eventBus(eventBus).scheduledExecutorService(Executors.newSingleThreadScheduledExecutor()).build();
    }

    /** Aggregates read the framework's clock, the edge reads the bean: in a test they are one. */
    @Bean
    @Primary
    MovableClock movableClock() {
        MovableClock clock = new MovableClock();
        GenericEventMessage.clock = clock;
        return clock;
    }

    @Bean
    DisposableBean clockReset() {
        return () -> GenericEventMessage.clock = Clock.systemUTC();
    }
}
