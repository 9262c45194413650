package jangter.axonserver;

import jangter.axonserver.junit.DevelopmentAxonServerExtension;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.axonframework.queryhandling.QueryHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class AxonFrameworkTest {

    @RegisterExtension
    static DevelopmentAxonServerExtension axonServer = DevelopmentAxonServerExtension.inMemory();

    record Open(@TargetAggregateIdentifier String id) { }

    record Deposit(@TargetAggregateIdentifier String id, int amount) { }

    record Opened(String id) { }

    record Deposited(String id, int amount) { }

    record Balance(String id) { }

    public static class Account {
        @AggregateIdentifier
        private String id;

        public Account() {
        }

        @CommandHandler
        public Account(Open command) {
            AggregateLifecycle.apply(new Opened(command.id()));
        }

        @CommandHandler
        void deposit(Deposit command) {
            AggregateLifecycle.apply(new Deposited(id, command.amount()));
        }

        @EventSourcingHandler
        void on(Opened event) {
            id = event.id();
        }
    }

    public static class Deposits {
        final List<Integer> seen = new CopyOnWriteArrayList<>();

        @EventHandler
        void on(Deposited event) {
            seen.add(event.amount());
        }

        @QueryHandler
        int balance(Balance query) {
            return seen.stream().mapToInt(Integer::intValue).sum();
        }
    }

    @Test
    void an_aggregate_a_view_and_a_query_work_across_two_applications() {
        Deposits deposits = new Deposits();
        try (AxonApplication accounts = AxonApplication.start(axonServer.address(), "accounts", "accounts-1",
                c -> c.configureAggregate(Account.class));
             AxonApplication views = AxonApplication.start(axonServer.address(), "views", "views-1", c -> {
                 c.registerMessageHandler(x -> deposits);
                 c.eventProcessing(e -> e.usingTrackingEventProcessors());
             })) {
            views.axon().commandGateway().sendAndWait(new Open("a"));
            views.axon().commandGateway().sendAndWait(new Deposit("a", 5));
            views.axon().commandGateway().sendAndWait(new Deposit("a", 7));

            await().untilAsserted(() -> assertThat(deposits.seen).containsExactly(5, 7));
            assertThat(accounts.axon().queryGateway().query(new Balance("a"), ResponseTypes.instanceOf(Integer.class)).join()).isEqualTo(12);
        }
    }
}
