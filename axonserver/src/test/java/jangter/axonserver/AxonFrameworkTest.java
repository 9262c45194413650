package jangter.axonserver;

import io.axoniq.axonserver.grpc.admin.EventProcessor;
import io.axoniq.axonserver.grpc.admin.Result;
import jangter.axonserver.junit.DevelopmentAxonServerExtension;
import org.axonframework.axonserver.connector.AxonServerConnectionManager;
import org.axonframework.axonserver.connector.ManagedChannelCustomizer;
import org.axonframework.axonserver.connector.event.axon.AxonServerEventScheduler;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.commandhandling.NoHandlerForCommandException;
import org.axonframework.config.AggregateConfigurer;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.TrackingEventProcessor;
import org.axonframework.eventhandling.scheduling.ScheduleToken;
import org.axonframework.eventsourcing.EventCountSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.eventsourcing.Snapshotter;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.axonframework.queryhandling.NoHandlerForQueryException;
import org.axonframework.queryhandling.QueryHandler;
import org.axonframework.queryhandling.QueryUpdateEmitter;
import org.axonframework.queryhandling.SubscriptionQueryResult;
import org.axonframework.serialization.Serializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.test.StepVerifier;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Axon Framework itself, two applications of it: accounts handles commands, views handles events and queries. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AxonFrameworkTest {

    @RegisterExtension
    final DevelopmentAxonServerExtension axonServer = DevelopmentAxonServerExtension.inMemory();

    private final Deposits deposits = new Deposits();
    private AxonApplication accounts;
    private AxonApplication views;
    private String id = "";

    record Open(@TargetAggregateIdentifier String id) { }

    record Deposit(@TargetAggregateIdentifier String id, int amount) { }

    record Count(@TargetAggregateIdentifier String id) { }

    record Race(@TargetAggregateIdentifier String id, String server) { }

    record Nobody(@TargetAggregateIdentifier String id) { }

    record Opened(String id) { }

    record Deposited(String id, int amount) { }

    record Overdue(String id) { }

    record Balance(String id) { }

    record Numbers(int size) { }

    record Unanswered() { }

    public static class Account {
        @AggregateIdentifier
        private String id;
        private int deposits;

        public Account() {
        }

        @CommandHandler
        public Account(Open command) {
            AggregateLifecycle.apply(new Opened(command.id()));
        }

        @CommandHandler
        void deposit(Deposit command) {
            if (command.amount() <= 0) {
                throw new IllegalArgumentException("nothing to deposit");
            }
            AggregateLifecycle.apply(new Deposited(id, command.amount()));
        }

        /** Another writer is quicker: it takes the number that this event is about to have. */
        @CommandHandler
        void race(Race command) {
            AggregateLifecycle.apply(new Deposited(id, 1));
            try (Connector other = Connector.to(command.server(), "other", "other")) {
                other.events().appendEvents(Connector.event(id, 1)).join();
            }
        }

        @CommandHandler
        int count(Count command) {
            return deposits;
        }

        @EventSourcingHandler
        void on(Opened event) {
            id = event.id();
        }

        @EventSourcingHandler
        void on(Deposited event) {
            deposits++;
        }

        public String getId() {
            return id;
        }

        public void setId(String id) {
            this.id = id;
        }

        public int getDeposits() {
            return deposits;
        }

        public void setDeposits(int deposits) {
            this.deposits = deposits;
        }
    }

    public static class Deposits {
        private final List<Deposited> seen = new CopyOnWriteArrayList<>();
        private final List<String> overdue = new CopyOnWriteArrayList<>();

        @EventHandler
        void on(Deposited event, QueryUpdateEmitter updates) {
            seen.add(event);
            updates.emit(Balance.class, query -> query.id().equals(event.id()), balance(new Balance(event.id())));
        }

        @EventHandler
        void on(Overdue event) {
            overdue.add(event.id());
        }

        @QueryHandler
        int balance(Balance query) {
            return seen.stream().filter(event -> event.id().equals(query.id())).mapToInt(Deposited::amount).sum();
        }

        @QueryHandler
        List<Integer> numbers(Numbers query) {
            return IntStream.range(0, query.size()).boxed().toList();
        }
    }

    @BeforeAll
    void start() {
        accounts = AxonApplication.start(address(), channel(), "accounts", "accounts-1", c -> c.configureAggregate(
                AggregateConfigurer.defaultConfiguration(Account.class)
                        .configureSnapshotTrigger(x -> new EventCountSnapshotTriggerDefinition(x.getComponent(Snapshotter.class), 5))));
        views = AxonApplication.start(address(), channel(), "views", "views-1", c -> {
            c.registerMessageHandler(x -> deposits);
            c.eventProcessing(e -> e.usingTrackingEventProcessors());
        });
    }

    /** Where the applications are told to look for the server. */
    String address() {
        return axonServer.address();
    }

    /** How they get there. */
    ManagedChannelCustomizer channel() {
        return ManagedChannelCustomizer.identity();
    }

    @BeforeEach
    void takeAnotherAccount() {
        id = "account-" + UUID.randomUUID();
    }

    @AfterAll
    void stop() {
        views.close();
        accounts.close();
    }

    @Test
    void an_aggregate_a_view_and_a_query_work_across_two_applications() {
        send(new Open(id));
        send(new Deposit(id, 5));
        send(new Deposit(id, 7));

        await().untilAsserted(() -> assertThat(deposits.balance(new Balance(id))).isEqualTo(12));
        assertThat(accounts.axon().queryGateway().query(new Balance(id), ResponseTypes.instanceOf(Integer.class)).join()).isEqualTo(12);
    }

    @Test
    void an_aggregate_is_loaded_from_its_snapshot_and_what_came_after() {
        send(new Open(id));
        for (int i = 0; i < 12; i++) {
            send(new Deposit(id, 1));
        }

        await().until(() -> accounts.axon().eventStore().readEvents(id).asStream().findFirst().orElseThrow().getSequenceNumber() > 0);
        assertThat(this.<Integer>send(new Count(id))).isEqualTo(12);
    }

    @Test
    void a_handlers_failure_reaches_the_sender() {
        send(new Open(id));

        assertThatThrownBy(() -> send(new Deposit(id, 0))).isInstanceOf(CommandExecutionException.class).hasMessageContaining("nothing to deposit");
    }

    @Test
    void a_command_nobody_handles_is_told_as_such() {
        assertThatThrownBy(() -> send(new Nobody(id))).isInstanceOf(NoHandlerForCommandException.class);
    }

    @Test
    void a_query_nobody_handles_is_told_as_such() {
        assertThatThrownBy(() -> accounts.axon().queryGateway().query(new Unanswered(), ResponseTypes.instanceOf(Integer.class)).join())
                .hasCauseInstanceOf(NoHandlerForQueryException.class);
    }

    /** In 4.13 this is not the ConcurrencyException that one would expect. */
    @Test
    void a_taken_sequence_number_fails_the_command_with_the_servers_text() {
        send(new Open(id));

        assertThatThrownBy(() -> send(new Race(id, axonServer.address()))).isInstanceOf(CommandExecutionException.class)
                .hasMessageContaining("[AXONIQ-2000] Invalid sequence number 1 for aggregate " + id + ", expected 2");
    }

    @Test
    void a_subscription_query_is_told_of_changes() {
        send(new Open(id));
        try (SubscriptionQueryResult<Integer, Integer> result = accounts.axon().queryGateway().subscriptionQuery(
                new Balance(id), ResponseTypes.instanceOf(Integer.class), ResponseTypes.instanceOf(Integer.class))) {
            StepVerifier.create(result.initialResult().concatWith(result.updates()))
                    .expectNext(0)
                    .then(() -> send(new Deposit(id, 3)))
                    .expectNext(3)
                    .then(() -> send(new Deposit(id, 4)))
                    .expectNext(7)
                    .thenCancel()
                    .verify(Duration.ofSeconds(10));
        }
    }

    @Test
    void a_streaming_query_is_streamed() {
        StepVerifier.create(reactor.core.publisher.Flux.from(accounts.axon().queryGateway().streamingQuery(new Numbers(1_000), Integer.class)))
                .expectNextCount(1_000)
                .verifyComplete();
    }

    @Test
    void a_scheduled_event_reaches_its_handler_and_a_cancelled_one_does_not() {
        AxonServerEventScheduler scheduler = AxonServerEventScheduler.builder()
                .connectionManager(accounts.axon().getComponent(AxonServerConnectionManager.class))
                .eventSerializer(accounts.axon().getComponent(Serializer.class))
                .build();
        scheduler.start();
        // by then it is cancelled on a busy machine too
        ScheduleToken cancelled = scheduler.schedule(Duration.ofSeconds(2), new Overdue(id + "-cancelled"));
        scheduler.schedule(Duration.ofMillis(2_200), new Overdue(id));

        scheduler.cancelSchedule(cancelled);

        await().untilAsserted(() -> assertThat(deposits.overdue).contains(id));
        assertThat(deposits.overdue).doesNotContain(id + "-cancelled");
    }

    @Test
    void a_processor_is_paused_and_started_from_outside() throws Exception {
        try (Connector operator = Connector.to(axonServer.address(), "operator", "operator")) {
            var admin = operator.connection().adminChannel();
            EventProcessor processor = await().until(() -> processors(operator), listed -> listed.size() == 1
                    && !listed.get(0).getClientInstance(0).getClaimedSegmentList().isEmpty()).get(0);
            String name = processor.getIdentifier().getProcessorName();
            String tokenStore = processor.getIdentifier().getTokenStoreIdentifier();
            TrackingEventProcessor running = views.axon().eventProcessingConfiguration()
                    .eventProcessor(name, TrackingEventProcessor.class).orElseThrow();

            assertThat(admin.pauseEventProcessor(name, tokenStore).get(10, TimeUnit.SECONDS)).isEqualTo(Result.SUCCESS);
            await().until(() -> !running.isRunning());

            assertThat(admin.startEventProcessor(name, tokenStore).get(10, TimeUnit.SECONDS)).isEqualTo(Result.SUCCESS);
            await().until(running::isRunning);
        }
    }

    private static List<EventProcessor> processors(Connector operator) throws InterruptedException {
        List<EventProcessor> listed = new ArrayList<>();
        var results = operator.connection().adminChannel().eventProcessors();
        for (EventProcessor next = results.nextIfAvailable(2, TimeUnit.SECONDS); next != null; next = results.nextIfAvailable(2, TimeUnit.SECONDS)) {
            listed.add(next);
        }
        return listed;
    }

    private <R> R send(Object command) {
        return views.axon().commandGateway().sendAndWait(command);
    }
}
