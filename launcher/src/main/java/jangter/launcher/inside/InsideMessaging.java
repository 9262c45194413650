package jangter.launcher.inside;

import jangter.axonserver.DevelopmentAxonServer;
import jangter.platform.messaging.CommandsFirst;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.axonframework.axonserver.connector.AxonServerConfiguration;
import org.axonframework.axonserver.connector.AxonServerConnectionManager;
import org.axonframework.axonserver.connector.command.AxonServerCommandBus;
import org.axonframework.axonserver.connector.command.CommandLoadFactorProvider;
import org.axonframework.axonserver.connector.command.CommandPriorityCalculator;
import org.axonframework.axonserver.connector.query.AxonServerQueryBus;
import org.axonframework.axonserver.connector.query.QueryPriorityCalculator;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.DuplicateCommandHandlerResolver;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.distributed.RoutingStrategy;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.common.caching.Cache;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.scheduling.EventScheduler;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.interceptors.CorrelationDataInterceptor;
import org.axonframework.queryhandling.QueryBus;
import org.axonframework.queryhandling.QueryInvocationErrorHandler;
import org.axonframework.queryhandling.QueryUpdateEmitter;
import org.axonframework.queryhandling.SimpleQueryBus;
import org.axonframework.serialization.Serializer;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** How services find each other where the Axon Server is in their JVM: in the place of what Axon's connector would bring. */
@Configuration(proxyBeanMethods = false)
public class InsideMessaging {

    /** Hardly ever does one of them wait, to read an aggregate for instance: many more than there are processors would only take turns. */
    private static final int HANDLING = 2 + Runtime.getRuntime().availableProcessors();

    @Bean
    WireEvents wireEvents(@Qualifier("eventSerializer") Serializer serializer) {
        return new WireEvents(serializer);
    }

    @Bean
    Appends appends(DevelopmentAxonServer server, Cache aggregateCache) {
        return new Appends(server.store(), aggregateCache::remove);
    }

    @Bean
    CommandsFirst commandsFirst(Appends appends) {
        return appends::areMany;
    }

    @Bean
    EventStore eventStore(DevelopmentAxonServer server, Appends appends, WireEvents wire, Serializer serializer, org.axonframework.config.Configuration axon) {
        return InsideEventStore.of(server.store(), InsideEventStorage.of(server.store(), appends, wire, serializer, axon.upcasterChain()),
                axon.messageMonitor(EventStore.class, "eventStore"));
    }

    @Bean
    EventScheduler eventScheduler(DevelopmentAxonServer server, WireEvents wire, Supplier<UUID> nonces, Clock clock) {
        return new InsideScheduler(server.scheduler(), wire, nonces, clock);
    }

    @Bean(destroyMethod = "shutdown")
    ExecutorService commandHandling() {
        return Executors.newFixedThreadPool(HANDLING, new AxonThreadFactory("Commands"));
    }

    @Bean
    @Qualifier("localSegment")
    PipelinedCommandBus ownCommandBus(TransactionManager transactions, DuplicateCommandHandlerResolver duplicates, Appends appends,
            RoutingStrategy routing, ExecutorService commandHandling, org.axonframework.config.Configuration axon) {
        SimpleCommandBus.Builder builder = SimpleCommandBus.builder().transactionManager(transactions).duplicateCommandHandlerResolver(duplicates)
                .messageMonitor(axon.messageMonitor(CommandBus.class, "commandBus"));
        PipelinedCommandBus bus = new PipelinedCommandBus(builder, appends, routing, commandHandling);
        bus.registerHandlerInterceptor(new CorrelationDataInterceptor<>(axon.correlationDataProviders()));
        return bus;
    }

    @Bean
    @Primary
    NearestCommandBus commandBus(AxonServerConnectionManager connections, AxonServerConfiguration settings, PipelinedCommandBus own,
            @Qualifier("messageSerializer") Serializer serializer, RoutingStrategy routing, CommandPriorityCalculator priorities,
            CommandLoadFactorProvider loads, ExecutorService commandHandling) {
        AxonServerCommandBus axonServer = AxonServerCommandBus.builder().axonServerConnectionManager(connections).configuration(settings)
                .localSegment(own).serializer(serializer).routingStrategy(routing).priorityCalculator(priorities).loadFactorProvider(loads).build();
        return new NearestCommandBus(axonServer, commandHandling);
    }

    @Bean
    NearestQueryBus queryBus(AxonServerConnectionManager connections, AxonServerConfiguration settings, TransactionManager transactions,
            @Qualifier("messageSerializer") Serializer messages, Serializer serializer, QueryPriorityCalculator priorities,
            QueryInvocationErrorHandler failures, org.axonframework.config.Configuration axon) {
        QueryUpdateEmitter emitter = axon.getComponent(QueryUpdateEmitter.class);
        SimpleQueryBus own = SimpleQueryBus.builder().messageMonitor(axon.messageMonitor(QueryBus.class, "queryBus")).transactionManager(transactions)
                .queryUpdateEmitter(emitter).errorHandler(failures).build();
        own.registerHandlerInterceptor(new CorrelationDataInterceptor<>(axon.correlationDataProviders()));
        return new NearestQueryBus(AxonServerQueryBus.builder().axonServerConnectionManager(connections).configuration(settings).localSegment(own)
                .updateEmitter(emitter).messageSerializer(messages).genericSerializer(serializer).priorityCalculator(priorities).build());
    }
}
