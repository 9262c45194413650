package jangter.platform.messaging;

import io.micrometer.core.instrument.MeterRegistry;
import jangter.platform.mongo.DeadLetterQueue;
import jangter.platform.mongo.Edition;
import jangter.platform.mongo.TokenStores;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.AbstractEventProcessor;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.MultiEventHandlerInvoker;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.eventhandling.deadletter.DeadLetteringEventHandlerInvoker;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventsourcing.eventstore.EventStore;

/** The event processors of this instance, and those beside them that build another edition of the same views with the same handlers. */
final class EditionProcessors {

    /** Larger than usual: nobody waits for a single event of them, and each batch costs a round trip. */
    private static final int BATCH_SIZE = 1024;
    private static final int MOST_THREADS = 4;
    private static final Duration CLAIMS_EVERY = Duration.ofSeconds(1);

    private final EventProcessingConfiguration processing;
    private final EventStore events;
    private final TokenStores tokens;
    private final MeterRegistry meters;
    private final Function<String, Edition> current;

    EditionProcessors(EventProcessingConfiguration processing, EventStore events, TokenStores tokens, MeterRegistry meters,
            Function<String, Edition> current) {
        this.processing = processing;
        this.events = events;
        this.tokens = tokens;
        this.meters = meters;
        this.current = current;
    }

    /** By name: the processors that follow the current edition, or keep no views. */
    Map<String, StreamingEventProcessor> all() {
        return processing.eventProcessors().values().stream().filter(StreamingEventProcessor.class::isInstance)
                .map(StreamingEventProcessor.class::cast)
                .collect(Collectors.toMap(StreamingEventProcessor::getName, processor -> processor, (a, b) -> a, TreeMap::new));
    }

    /** Whether a group's past can be handled once more: it sets aside what it cannot digest, and does nothing but write views. */
    boolean isReplayable(StreamingEventProcessor processor) {
        return processor.supportsReset() && processing.deadLetterQueue(processor.getName()).isPresent();
    }

    /** Whether events of that type are anything to it. */
    boolean concerns(StreamingEventProcessor processor, Class<?> type) {
        return !(processor instanceof AbstractEventProcessor known) || known.eventHandlerInvoker().canHandleType(type);
    }

    DeadLetterQueue deadLetters(String group) {
        return processing.deadLetterQueue(group).map(DeadLetterQueue.class::cast).orElseThrow();
    }

    /** One that builds that edition: made, not started. */
    Building building(Edition edition) {
        String name = edition.name();
        PooledStreamingEventProcessor live = (PooledStreamingEventProcessor) all().get(edition.group());
        int threads = Math.min(MOST_THREADS, tokens.positions(edition).size());
        ScheduledExecutorService coordinator = new Gathering(1, new AxonThreadFactory("Coordinator[" + name + "]"), Gathering.Manner.always(Duration.ZERO),
                System::nanoTime);
        ScheduledExecutorService workers = Executors.newScheduledThreadPool(threads, new AxonThreadFactory("WorkPackage[" + name + "]"));
        PooledStreamingEventProcessor processor = PooledStreamingEventProcessor.builder().name(name)
                .eventHandlerInvoker(sameHandlers((MultiEventHandlerInvoker) live.eventHandlerInvoker(), edition.group()))
                .messageSource(events).tokenStore(tokens).transactionManager(NoTransactionManager.instance())
                .errorHandler(new CountedFailures(meters)).batchSize(BATCH_SIZE).clock(Clock.systemUTC())
                .tokenClaimInterval(CLAIMS_EVERY.toMillis()).claimExtensionThreshold(CLAIMS_EVERY.toMillis())
                .coordinatorExecutor(coordinator).workerExecutor(workers).build();
        processor.registerHandlerInterceptor(new InEdition(name, segment -> tokens.claimed(name, segment)));
        return new Building(processor, coordinator, workers);
    }

    /** Handlers are shared; what an invoker remembers of dead letters is each edition's own. */
    private EventHandlerInvoker sameHandlers(MultiEventHandlerInvoker live, String group) {
        return new MultiEventHandlerInvoker(List.copyOf(live.delegates().stream().map(SimpleEventHandlerInvoker.class::cast)
                .map(invoker -> sameHandlers(invoker, group)).toList()));
    }

    private EventHandlerInvoker sameHandlers(SimpleEventHandlerInvoker live, String group) {
        DeadLetteringEventHandlerInvoker.Builder builder = DeadLetteringEventHandlerInvoker.builder();
        builder.eventHandlers(live.eventHandlers());
        builder.sequencingPolicy(live.getSequencingPolicy());
        return builder.queue(deadLetters(group)).enqueuePolicy(new SetAside(group, meters, current)).transactionManager(NoTransactionManager.instance())
                .enableSequenceIdentifierCache().build();
    }

    /** A processor with the threads that are its own. */
    record Building(PooledStreamingEventProcessor processor, ScheduledExecutorService coordinator, ScheduledExecutorService workers)
            implements AutoCloseable {

        /** Gives up its claims, and waits until it has. */
        @Override
        public void close() {
            processor.shutDown();
            coordinator.shutdown();
            workers.shutdown();
        }
    }
}
