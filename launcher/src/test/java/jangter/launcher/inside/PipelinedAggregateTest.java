package jangter.launcher.inside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import jangter.platform.messaging.Serializers;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.distributed.AnnotationRoutingStrategy;
import org.axonframework.common.Registration;
import org.axonframework.common.caching.Cache;
import org.axonframework.config.AggregateConfigurer;
import org.axonframework.config.Configuration;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.axonframework.monitoring.NoOpMessageMonitor;
import org.axonframework.serialization.Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A till that stays in memory, in front of a disk that is slow. */
class PipelinedAggregateTest {

    record Open(@TargetAggregateIdentifier String till) {
    }

    record Put(@TargetAggregateIdentifier String till, int amount) {
    }

    record Count(@TargetAggregateIdentifier String till) {
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
        void put(Put command) {
            apply(new Received(command.amount()));
        }

        @CommandHandler
        int count(Count command, Counting counting) {
            counting.begun();
            return sum;
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

    /** How long counting takes. */
    private static class Counting {

        private CountDownLatch begun = new CountDownLatch(0);
        private CountDownLatch mayEnd = new CountDownLatch(0);

        void willTakeLong() {
            begun = new CountDownLatch(1);
            mayEnd = new CountDownLatch(1);
        }

        void begun() {
            begun.countDown();
            await(mayEnd);
        }

        void awaitBegin() {
            await(begun);
        }

        void end() {
            mayEnd.countDown();
        }

        private static void await(CountDownLatch latch) {
            try {
                assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Lets nothing go by itself. */
    private static final class Memory implements Cache {

        private final Map<Object, Object> entries = new ConcurrentHashMap<>();

        @Override
        @SuppressWarnings("unchecked")
        public <K, V> V get(K key) {
            return (V) entries.get(key);
        }

        @Override
        public void put(Object key, Object value) {
            entries.put(key, value);
        }

        @Override
        public boolean putIfAbsent(Object key, Object value) {
            return entries.putIfAbsent(key, value) == null;
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T> T computeIfAbsent(Object key, Supplier<T> value) {
            return (T) entries.computeIfAbsent(key, absent -> value.get());
        }

        @Override
        public boolean remove(Object key) {
            return entries.remove(key) != null;
        }

        @Override
        public void removeAll() {
            entries.clear();
        }

        @Override
        public boolean containsKey(Object key) {
            return entries.containsKey(key);
        }

        @Override
        @SuppressWarnings("unchecked")
        public <V> void computeIfPresent(Object key, UnaryOperator<V> update) {
            entries.computeIfPresent(key, (present, value) -> update.apply((V) value));
        }

        @Override
        public Registration registerCacheEntryListener(EntryListener listener) {
            return () -> true;
        }
    }

    private static final String TILL = "till-1";

    private final Serializer json = Serializers.json();
    private final WireEvents wire = new WireEvents(json);
    private final SlowDisk disk = new SlowDisk();
    private final Counting counting = new Counting();
    private final Cache memory = new Memory();
    private final Appends appends = new Appends(disk, memory::remove);
    private final Configuration axon = DefaultConfigurer.defaultConfiguration(false)
            .configureSerializer(configuration -> json)
            .configureEventStore(configuration -> InsideEventStore.of(disk,
                    InsideEventStorage.of(disk, appends, wire, json, configuration.upcasterChain()), NoOpMessageMonitor.instance()))
            .configureCommandBus(configuration -> new PipelinedCommandBus(SimpleCommandBus.builder(), appends,
                    AnnotationRoutingStrategy.defaultStrategy(), Runnable::run))
            .registerComponent(Counting.class, configuration -> counting)
            .configureAggregate(AggregateConfigurer.defaultConfiguration(Till.class).configureCache(configuration -> memory))
            .buildConfiguration();

    @BeforeEach
    void open() {
        axon.start();
        CompletableFuture<Object> opened = send(new Open(TILL));
        disk.next();
        opened.join();
    }

    @AfterEach
    void stop() {
        axon.shutdown();
    }

    @Test
    void what_is_decided_builds_on_what_is_not_on_disk_yet() {
        CompletableFuture<Object> five = send(new Put(TILL, 5));
        CompletableFuture<Object> seven = send(new Put(TILL, 7));
        CompletableFuture<Integer> counted = send(new Count(TILL));
        assertThat(disk.waiting()).isEqualTo(2);

        disk.next();
        assertThat(five).isCompleted();
        assertThat(seven).isNotDone();
        assertThat(counted).isNotDone();

        disk.next();
        assertThat(seven).isCompleted();
        assertThat(counted).isCompletedWithValue(12);
    }

    @Test
    void what_another_process_has_written_to_is_read_anew_by_the_next_command() {
        anotherPuts(100);
        CompletableFuture<Object> five = send(new Put(TILL, 5));
        CompletableFuture<Object> seven = send(new Put(TILL, 7));
        disk.next();
        disk.next();
        assertThat(five).failsWithin(0, TimeUnit.SECONDS).withThrowableThat().withCauseInstanceOf(ConcurrencyException.class);
        assertThat(seven).failsWithin(0, TimeUnit.SECONDS).withThrowableThat().withCauseInstanceOf(ConcurrencyException.class);

        CompletableFuture<Object> eight = send(new Put(TILL, 8));
        disk.next();

        assertThat(eight).isCompleted();
        assertThat(this.<Integer>send(new Count(TILL))).isCompletedWithValue(108);
    }

    @Test
    void a_command_that_was_being_handled_when_its_aggregate_was_forgotten_does_not_bring_it_back() {
        anotherPuts(100);
        CompletableFuture<Object> five = send(new Put(TILL, 5));
        counting.willTakeLong();
        CompletableFuture<CompletableFuture<Object>> counted = CompletableFuture.supplyAsync(() -> send(new Count(TILL)));
        counting.awaitBegin();

        disk.next();
        counting.end();

        assertThat(five).isCompletedExceptionally();
        assertThat(counted.join()).isCompletedExceptionally();
        assertThat(this.<Integer>send(new Count(TILL))).isCompletedWithValue(100);
    }

    @Test
    void a_snapshot_of_what_is_not_on_disk_yet_follows_it() {
        CompletableFuture<Object> five = send(new Put(TILL, 5));

        axon.eventStore().storeSnapshot(new GenericDomainEventMessage<>("Till", TILL, 1, new Received(5)));
        assertThat(disk.readSnapshots(TILL, 0, 1, 1)).isEmpty();

        disk.next();
        five.join();
        assertThat(disk.readSnapshots(TILL, 0, 1, 1)).hasSize(1);
    }

    @Test
    void a_snapshot_of_what_never_was_is_not_stored() {
        anotherPuts(100);
        CompletableFuture<Object> five = send(new Put(TILL, 5));
        axon.eventStore().storeSnapshot(new GenericDomainEventMessage<>("Till", TILL, 1, new Received(5)));

        disk.next();

        assertThat(five).isCompletedExceptionally();
        assertThat(disk.readSnapshots(TILL, 0, 1, 1)).isEmpty();
    }

    private void anotherPuts(int amount) {
        disk.another(wire.written(new GenericDomainEventMessage<>("Till", TILL, 1, new Received(amount))));
    }

    private <R> CompletableFuture<R> send(Object command) {
        return axon.commandGateway().send(command);
    }
}
