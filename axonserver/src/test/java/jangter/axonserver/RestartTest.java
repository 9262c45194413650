package jangter.axonserver;

import org.axonframework.axonserver.connector.ManagedChannelCustomizer;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.queryhandling.QueryHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The server goes and comes back; an application on Axon Framework stays up, waits, and goes on by itself. */
class RestartTest {

    record Open(@TargetAggregateIdentifier String id) { }

    record Add(@TargetAggregateIdentifier String id, int number) { }

    record Opened(String id) { }

    record Added(String id, int number) { }

    record Seen() { }

    public static class Log {
        @AggregateIdentifier
        private String id;

        public Log() {
        }

        @CommandHandler
        public Log(Open command) {
            AggregateLifecycle.apply(new Opened(command.id()));
        }

        @CommandHandler
        void add(Add command) {
            AggregateLifecycle.apply(new Added(id, command.number()));
        }

        @EventSourcingHandler
        void on(Opened event) {
            id = event.id();
        }
    }

    public static class View {
        private final List<Integer> seen = new CopyOnWriteArrayList<>();

        @EventHandler
        void on(Added event) {
            seen.add(event.number());
        }

        @QueryHandler
        int size(Seen query) {
            return seen.size();
        }
    }

    @Test
    void commands_events_and_queries_go_on_after_the_server_was_away(@TempDir Path folder) {
        View view = new View();
        List<Integer> confirmed = new ArrayList<>();
        DevelopmentAxonServer server = DevelopmentAxonServer.start(Settings.onFolder(folder));
        int port = server.port();
        try (AxonApplication application = AxonApplication.start(server.address(), ManagedChannelCustomizer.identity(), "logs", "logs-1", c -> {
            c.configureAggregate(Log.class);
            c.registerMessageHandler(x -> view);
            c.eventProcessing(e -> e.usingTrackingEventProcessors());
        })) {
            application.axon().commandGateway().sendAndWait(new Open("log"));
            int next = addUntilThreeAreConfirmed(application, confirmed, 0);
            for (int restart = 0; restart < 2; restart++) {
                server.close();
                assertThat(added(application, next++)).isFalse();

                server = DevelopmentAxonServer.start(Settings.onFolder(folder).withPort(port));
                next = addUntilThreeAreConfirmed(application, confirmed, next);
            }

            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(view.seen).containsAll(confirmed));
            assertThat(view.seen).isSorted().doesNotHaveDuplicates();
            await().atMost(Duration.ofSeconds(30)).ignoreExceptions().untilAsserted(() -> assertThat(application.axon().queryGateway()
                    .query(new Seen(), ResponseTypes.instanceOf(Integer.class)).get(5, TimeUnit.SECONDS)).isEqualTo(view.seen.size()));
        } finally {
            server.close();
        }
    }

    private static int addUntilThreeAreConfirmed(AxonApplication application, List<Integer> confirmed, int from) {
        int[] next = {from};
        int before = confirmed.size();
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            int number = next[0]++;
            if (added(application, number)) {
                confirmed.add(number);
            }
            return confirmed.size() == before + 3;
        });
        return next[0];
    }

    private static boolean added(AxonApplication application, int number) {
        try {
            application.axon().commandGateway().send(new Add("log", number)).get(5, TimeUnit.SECONDS);
            return true;
        } catch (Exception e) {
            return false;
        }
    }
}
