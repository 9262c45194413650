package jangter.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.common.caching.Cache;
import org.axonframework.config.AggregateConfigurer;
import org.axonframework.config.Configuration;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A till of which a snapshot is taken after every third event. */
class SnapshotsTest {

    private static final String TILL = "till-1";
    private static final int EVERY = 3;

    record Open(@TargetAggregateIdentifier String till) {
    }

    record Put(@TargetAggregateIdentifier String till, int amount) {
    }

    record Opened(String till) {
    }

    record Received(int amount) {
    }

    static class Till {

        @AggregateIdentifier
        private String till;
        private int sum;

        Till() {
        }

        @CommandHandler
        Till(Open command) {
            apply(new Opened(command.till()));
        }

        @CommandHandler
        void put(Put command, Slowness slowness) {
            apply(new Received(command.amount()));
            slowness.take();
        }

        @EventSourcingHandler
        void on(Opened event) {
            till = event.till();
        }

        @EventSourcingHandler
        void on(Received event) {
            sum += event.amount();
        }
    }

    /** How long a command takes after it has applied its event. */
    private static class Slowness {

        private volatile CountDownLatch mayEnd = new CountDownLatch(0);
        private final CountDownLatch begun = new CountDownLatch(1);

        void take() {
            if (mayEnd.getCount() > 0) {
                begun.countDown();
                waitFor(mayEnd);
            }
        }

        static void waitFor(CountDownLatch latch) {
            try {
                assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** What a snapshot said when it was stored: the aggregate in memory goes on. */
    private record Taken(String type, long sequence, int sum) {
    }

    private static final class Events extends InMemoryEventStorageEngine {

        private final AtomicInteger read = new AtomicInteger();
        private final List<Taken> snapshots = new CopyOnWriteArrayList<>();

        @Override
        public DomainEventStream readEvents(String aggregate, long firstSequence) {
            read.incrementAndGet();
            return super.readEvents(aggregate, firstSequence);
        }

        @Override
        public void storeSnapshot(DomainEventMessage<?> snapshot) {
            snapshots.add(new Taken(snapshot.getType(), snapshot.getSequenceNumber(), ((Till) snapshot.getPayload()).sum));
        }

        @Override
        public Optional<DomainEventMessage<?>> readSnapshot(String aggregate) {
            return Optional.empty();
        }
    }

    private final Events events = new Events();
    private final Slowness slowness = new Slowness();
    private final AggregateCache memory = new AggregateCache(10);
    private final ExecutorService customers = Executors.newCachedThreadPool();
    private Snapshots snapshots;
    private Configuration axon;

    /** @param known what snapshots take for what is in memory */
    private void open(Cache known) {
        axon = DefaultConfigurer.defaultConfiguration(false)
                .configureEventStore(configuration -> EmbeddedEventStore.builder().storageEngine(events).build())
                .registerComponent(Slowness.class, configuration -> slowness)
                .configureAggregate(AggregateConfigurer.defaultConfiguration(Till.class).configureCache(configuration -> memory)
                        .configureSnapshotTrigger(configuration -> {
                            snapshots = new Snapshots(configuration, known);
                            return snapshots.every(EVERY);
                        }))
                .buildConfiguration();
        axon.start();
        axon.commandGateway().sendAndWait(new Open(TILL));
    }

    @AfterEach
    void stop() {
        customers.shutdownNow();
        snapshots.close();
        axon.shutdown();
    }

    @Test
    void a_snapshot_is_what_the_aggregate_is_in_memory() {
        open(memory);

        put(5);
        put(7);

        awaitSnapshots(new Taken("Till", 2, 12));
        assertThat(events.read).hasValue(0);
    }

    @Test
    void what_was_let_go_meanwhile_is_read() {
        open(new AggregateCache(1));

        put(5);
        put(7);

        awaitSnapshots(new Taken("Till", 2, 12));
        assertThat(events.read).hasValue(1);
    }

    @Test
    void the_event_that_is_one_too_many_is_in_it_also_where_those_before_were_read() {
        open(memory);
        put(5);
        memory.removeAll();

        put(7);

        awaitSnapshots(new Taken("Till", 2, 12));
    }

    @Test
    void nothing_of_a_command_that_is_still_handled_is_in_it() throws Exception {
        open(memory);

        put(5);
        put(7);
        awaitSnapshots(new Taken("Till", 2, 12));
        put(1);
        put(2);
        slowness.mayEnd = new CountDownLatch(1);
        var last = customers.submit(() -> put(3));
        Slowness.waitFor(slowness.begun);
        assertThat(events.snapshots).hasSize(1);

        slowness.mayEnd.countDown();
        last.get(10, TimeUnit.SECONDS);

        awaitSnapshots(new Taken("Till", 2, 12), new Taken("Till", 5, 18));
    }

    private void put(int amount) {
        axon.commandGateway().sendAndWait(new Put(TILL, amount));
    }

    private void awaitSnapshots(Taken... taken) {
        await().untilAsserted(() -> assertThat(events.snapshots).containsExactly(taken));
    }
}
