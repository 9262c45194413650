package jangter.platform.messaging;

import com.mongodb.client.MongoClient;
import io.micrometer.core.instrument.MeterRegistry;
import jangter.platform.http.Identity;
import jangter.platform.mongo.Databases;
import jangter.platform.mongo.LostConnections;
import jangter.platform.mongo.DeadLetterQueue;
import jangter.platform.mongo.Edition;
import jangter.platform.mongo.TokenStores;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.axonframework.axonserver.connector.AxonServerConnectionManager;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.distributed.AnnotationRoutingStrategy;
import org.axonframework.commandhandling.distributed.RoutingStrategy;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.caching.Cache;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.config.EventProcessingConfigurer;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.gateway.EventGateway;
import org.axonframework.eventsourcing.SnapshotTriggerDefinition;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.messaging.correlation.CorrelationDataProvider;
import org.axonframework.messaging.deadletter.SequencedDeadLetterQueue;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.micrometer.GlobalMetricRegistry;
import org.axonframework.modelling.command.CommandTargetResolver;
import org.axonframework.modelling.command.VersionedAggregateIdentifier;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3SerializerCustomizer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.util.function.SingletonSupplier;

/** How every service's messages are serialized, handled and remembered. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MessagingSettings.class)
public class MessagingConfiguration {

    /** The events of one batch are written in one go: many, so that it pays, few enough to fit well within a claim's time. */
    private static final int BATCH_SIZE = 1024;
    private static final Duration LOOK_FOR_SEGMENTS_EVERY = Duration.ofSeconds(1);
    private static final Duration EXTEND_CLAIM_EVERY = Duration.ofSeconds(1);
    private static final Duration PATIENCE_WITH_AXON_SERVER = Duration.ofHours(1);

    @Bean
    Jackson3SerializerCustomizer messageJson() {
        return Serializers.customizer();
    }

    @Bean
    Nobody nobody(@Value("${spring.application.name:jangter}") String service, Supplier<UUID> nonces) {
        return new Nobody(service, nonces);
    }

    @Bean
    WhoAsks whoAsks(Identity identity) {
        return new WhoAsks(identity);
    }

    /** In the place of Axon's own, which hands on less. */
    @Bean
    CorrelationDataProvider origins(Nobody nobody) {
        return new Origins(nobody.service());
    }

    @Bean
    Commands commands(CommandGateway gateway, MessagingSettings settings, Nobody nobody) {
        return new Commands(gateway, settings.commandTimeout(), nobody);
    }

    @Bean
    Events publishing(EventGateway gateway, MessagingSettings settings, Nobody nobody) {
        return new Events(gateway, settings.commandTimeout(), nobody);
    }

    @Bean
    ConfigurerModule commandInterceptors() {
        return configurer -> configurer.onInitialize(configuration -> configuration.onStart(() -> {
            CommandBus bus = configuration.getComponent(CommandBus.class);
            bus.registerDispatchInterceptor(new SendTimes());
            bus.registerHandlerInterceptor(new RefusalInterceptor());
        }));
    }

    /** In the place of Axon's own. */
    @Bean
    GlobalMetricRegistry messageMeters(MeterRegistry meters) {
        return new MessageMeters(meters);
    }

    @Bean
    TokenStores tokenStore(MongoClient client, Serializer serializer, Databases databases, LostConnections lost, MessagingSettings settings) {
        return new TokenStores(client, serializer, databases::current, lost, settings.saveSagas());
    }

    /** Where the checkout's sagas are kept. */
    @Bean
    SagaStore<Object> sagaStore(Databases databases, Serializer serializer) {
        return databases.of("saga").sagaStore(serializer);
    }

    @Bean
    ProcessorThreads processorThreads(MessagingSettings settings, ObjectProvider<AwaitedViews> awaited, ObjectProvider<CommandsFirst> commandsFirst) {
        Supplier<List<CommandsFirst>> before = SingletonSupplier.of(() -> commandsFirst.stream().toList());
        return new ProcessorThreads(settings, awaited.stream().collect(Collectors.toMap(AwaitedViews::group, views -> views)),
                () -> before.get().stream().anyMatch(CommandsFirst::areUnderWay));
    }

    /** Who waits for an outcome is told soon after it was published. */
    @Bean
    ConfigurerModule outcomes(ProcessorThreads threads) {
        return configurer -> configurer.onInitialize(axon -> axon.onStart(() -> axon.eventBus().subscribe(threads::published)));
    }

    /**
     * All processors alike: many events a batch, several instances sharing the segments, a failure repeated until it is mended. Only a view
     * sets an event aside that it cannot digest: what acts, sagas and settlements, must not leave anything out.
     */
    @Bean
    ConfigurerModule processors(MessagingSettings settings, MongoClient client, TokenStores tokens, Databases databases, MeterRegistry meters,
            ProcessorThreads threads, ObjectProvider<AxonServerConnectionManager> axonServer, ConfigurableApplicationContext context) {
        return configurer -> configurer.eventProcessing(processing -> processing
                .configureDefaultStreamableMessageSource(configuration -> patient(configuration.eventStore(), axonServer, context))
                .usingPooledStreamingEventProcessors((configuration, builder) -> builder
                        .initialSegmentCount(settings.segments())
                        .batchSize(BATCH_SIZE)
                        // claims are a matter of the machine's time, whatever time it is in the shop
                        .clock(Clock.systemUTC())
                        .initialToken(StreamableMessageSource::createTailToken)
                        .tokenClaimInterval(LOOK_FOR_SEGMENTS_EVERY.toMillis())
                        .claimExtensionThreshold(EXTEND_CLAIM_EVERY.toMillis())
                        .coordinatorExecutor(processor -> threads.of(processor, configuration))
                        .workerExecutor(processor -> threads.of(processor, configuration)))
                .registerDefaultListenerInvocationErrorHandler(configuration -> PropagatingErrorHandler.instance())
                .registerDefaultErrorHandler(configuration -> new CountedFailures(meters))
                .registerDefaultHandlerInterceptor((configuration, processor) -> new SecondTries())
                .registerDefaultHandlerInterceptor((configuration, processor) -> new SureOfToken(processor, tokens))
                .registerDefaultHandlerInterceptor((configuration, processor) -> new InEdition(processor, segment -> tokens.claimed(processor, segment)))
                .registerDeadLetterQueueProvider(group -> Edition.isOfViews(group) ? setAside(processing, group, client, databases, meters) : null));
    }

    private static PatientEvents patient(EventStore events, ObjectProvider<AxonServerConnectionManager> axonServer, ConfigurableApplicationContext context) {
        PatientEvents patient = new PatientEvents(events, () -> axonServer.stream()
                .allMatch(connections -> connections.connections().values().stream().allMatch(Boolean.TRUE::equals)), PATIENCE_WITH_AXON_SERVER);
        context.addApplicationListener(patient);
        return patient;
    }

    private static Function<org.axonframework.config.Configuration, SequencedDeadLetterQueue<EventMessage<?>>> setAside(
            EventProcessingConfigurer processing, String group, MongoClient client, Databases databases, MeterRegistry meters) {
        processing.registerDeadLetterPolicy(group, configuration -> new SetAside(group, meters, databases::current));
        processing.registerDeadLetteringEventHandlerInvokerConfiguration(group,
                (configuration, invoker) -> invoker.enableSequenceIdentifierCache());
        return configuration -> new DeadLetterQueue(client, group, configuration.eventSerializer(), databases::current);
    }

    /** Which aggregate a command is for: as by itself, but the annotation is looked for once a type rather than with each command. */
    @Bean
    CommandTargetResolver commandTargetResolver() {
        RoutingStrategy routing = AnnotationRoutingStrategy.defaultStrategy();
        return command -> new VersionedAggregateIdentifier(routing.getRoutingKey(command), null);
    }

    /** Beans that are {@code EventUpcaster}s read old events as new ones, in their {@code @Order}; this one only looks, at the end. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    EventUpcaster unknownEvents(@Qualifier("eventSerializer") Serializer serializer, MeterRegistry meters) {
        return new UnknownEvents(serializer, meters);
    }

    @Bean
    DeadLettersEndpoint deadLettersEndpoint(EventProcessingConfiguration processing) {
        return new DeadLettersEndpoint(processing);
    }

    @Bean
    EditionProcessors editionProcessors(EventProcessingConfiguration processing, EventStore events, TokenStores tokens, MeterRegistry meters,
            Databases databases) {
        return new EditionProcessors(processing, events, tokens, meters, databases::current);
    }

    @Bean
    Rebuilds rebuilds(Databases databases, EditionProcessors processors, TokenStores tokens, EventStore events, Clock clock) {
        return new Rebuilds(databases, processors, tokens, events, clock);
    }

    @Bean
    ProcessorsEndpoint processorsEndpoint(EditionProcessors processors, Rebuilds rebuilds, TokenStores tokens, Databases databases, EventStore events) {
        return new ProcessorsEndpoint(processors, rebuilds, tokens, databases, events);
    }

    @Bean
    AggregatesEndpoint aggregatesEndpoint(org.axonframework.config.Configuration axon, EventStore events, Serializer serializer,
            ObjectProvider<AxonServerConnectionManager> axonServer) {
        return new AggregatesEndpoint(axon, events, new Stories(axon, events, axonServer), serializer);
    }

    @Bean
    Snapshots snapshotsBeside(org.axonframework.config.Configuration axon, Cache aggregateCache) {
        return new Snapshots(axon, aggregateCache);
    }

    /** Named by the aggregates: a snapshot every so many events. */
    @Bean
    SnapshotTriggerDefinition snapshots(Snapshots beside, MessagingSettings settings) {
        return beside.every(settings.snapshotEvery());
    }

    /** Named by the aggregates: those used last stay in memory. */
    @Bean
    Cache aggregateCache(MessagingSettings settings) {
        return new AggregateCache(settings.aggregatesInMemory());
    }

    /** Once its last event is decided, and while its lock is still held: what is saved keeps it in memory. */
    @Bean
    ConfigurerModule concludedLeaveMemory(ObjectProvider<Concluding> concluding, Cache aggregateCache) {
        Set<Class<?>> last = concluding.stream().flatMap(each -> each.events().stream()).collect(Collectors.toSet());
        return configurer -> configurer.onInitialize(axon -> axon.onStart(() -> axon.eventBus().subscribe(events -> events.stream()
                .filter(event -> last.contains(event.getPayloadType()) && event instanceof DomainEventMessage).map(DomainEventMessage.class::cast)
                .forEach(event -> CurrentUnitOfWork.ifStarted(handling -> handling.root().afterCommit(decided -> aggregateCache.remove(event.getAggregateIdentifier())))))));
    }
}
