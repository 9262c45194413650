package jangter.axonserver;

import com.sun.management.OperatingSystemMXBean;
import io.axoniq.axonserver.connector.event.EventStream;
import io.axoniq.axonserver.grpc.command.Command;
import io.axoniq.axonserver.grpc.command.CommandProviderInbound;
import io.axoniq.axonserver.grpc.command.CommandProviderOutbound;
import io.axoniq.axonserver.grpc.command.CommandResponse;
import io.axoniq.axonserver.grpc.command.CommandServiceGrpc;
import io.axoniq.axonserver.grpc.command.CommandSubscription;
import io.axoniq.axonserver.grpc.event.Event;
import io.axoniq.axonserver.grpc.event.EventStoreGrpc;
import io.axoniq.axonserver.grpc.event.EventWithToken;
import io.axoniq.axonserver.grpc.event.GetEventsRequest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How fast the server is, over the stock connector, the server being a process of its own with 256 MiB of heap. Run with
 * {@code ./mvnw -pl axonserver test -Pbars}; what it measured is in the module's README.
 */
@Tag("bars")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Isolated("measures, and so wants the machine for itself")
class BarsTest {

    private static final long STORED = Long.getLong("bars.events", 5_000_000);
    private static final int SECONDS = Integer.getInteger("bars.seconds", 10);

    @TempDir
    static Path folder;

    private ServerProcess server;

    @BeforeAll
    void startServer() throws IOException {
        server = ServerProcess.start(folder, 0, "-Xmx256m");
    }

    @AfterAll
    void stopServer() {
        server.close();
    }

    @Test
    @Order(1)
    void single_events_are_appended_by_32_callers() throws Exception {
        try (Connector client = Connector.to(server.address(), "bars", "bars-1")) {
            appendSingles(client, 2 * SECONDS);
            Meter meter = new Meter();
            report("single-event appends, 32 callers, synced", meter, appendSingles(client, SECONDS), 5_000);
        }
    }

    private static long appendSingles(Connector client, int seconds) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(32);
        AtomicLong done = new AtomicLong();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            String aggregate = "order-" + UUID.randomUUID();
            all.add(CompletableFuture.runAsync(() -> {
                for (long sequence = 0; System.nanoTime() < end; sequence++) {
                    client.append(List.of(Connector.event(aggregate, sequence))).join();
                    done.incrementAndGet();
                }
            }, callers));
        }
        all.forEach(CompletableFuture::join);
        callers.shutdown();
        return done.get();
    }

    @Test
    @Order(2)
    void events_are_appended_a_hundred_at_a_time() throws Exception {
        try (Connector client = Connector.to(server.address(), "bars", "bars-1")) {
            appendHundreds(client, 100_000);
            Meter meter = new Meter();
            appendHundreds(client, STORED);
            report("appends of 100 events, events", meter, STORED, 100_000);
        }
    }

    private static void appendHundreds(Connector client, long events) throws Exception {
        Semaphore underWay = new Semaphore(16);
        List<Event> prepared = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            prepared.add(Connector.event("order-" + UUID.randomUUID(), i));
        }
        for (long appended = 0; appended < events; appended += 100) {
            underWay.acquire();
            String aggregate = "order-" + UUID.randomUUID();
            Event[] transaction = new Event[100];
            for (int i = 0; i < 100; i++) {
                transaction[i] = prepared.get(i).toBuilder().setAggregateIdentifier(aggregate).build();
            }
            client.events().appendEvents(transaction).whenComplete((done, failure) -> {
                assertThat(failure).isNull();
                underWay.release();
            });
        }
        underWay.acquire(16);
    }

    @Test
    @Order(3)
    void a_large_store_opens_and_is_read_from_the_start() throws Exception {
        server.close();
        long opening = System.nanoTime();
        DevelopmentAxonServer.start(Settings.onFolder(folder)).close();
        double opened = (System.nanoTime() - opening) / 1e9;
        System.out.printf("BAR a store of more than %,d events is opened, and closed again, in %.2f s (bar 2 s)%n", STORED, opened);
        assertThat(opened).isLessThan(2);
        server = ServerProcess.start(folder, 0, "-Xmx256m");
        try (Connector client = Connector.to(server.address(), "bars", "bars-1")) {
            read(client, Math.min(STORED, 500_000));
            Meter meter = new Meter();
            read(client, STORED);
            report("one reader from the start, events", meter, STORED, 150_000);
        }
    }

    private static void read(Connector client, long events) throws Exception {
        try (EventStream stream = client.events().openStream(-1, 10_000, 5_000)) {
            for (long token = 0; token < events; token++) {
                if (stream.next().getToken() != token) {
                    throw new AssertionError("not at " + token);
                }
            }
        }
    }

    @Test
    @Order(4)
    void commands_go_to_a_handler_in_another_connection() throws Exception {
        try (Connector handler = Connector.to(server.address(), "handlers", "handler-1");
             Connector sender = Connector.to(server.address(), "senders", "sender-1")) {
            handler.commands().registerCommandHandler(command -> CompletableFuture.completedFuture(
                    CommandResponse.newBuilder().setRequestIdentifier(command.getMessageIdentifier()).build()), 100, "Ping")
                    .awaitAck(5, TimeUnit.SECONDS);
            send(sender, 20_000);
            Meter meter = new Meter();
            int commands = 10_000 * SECONDS;
            send(sender, commands);
            report("commands to a handler in another connection", meter, commands, 5_000);
        }
    }

    private static void send(Connector sender, int commands) throws Exception {
        Semaphore underWay = new Semaphore(64);
        for (int i = 0; i < commands; i++) {
            underWay.acquire();
            sender.commands().sendCommand(Command.newBuilder().setName("Ping").setMessageIdentifier(UUID.randomUUID().toString()).build())
                    .whenComplete((response, failure) -> {
                        assertThat(failure).isNull();
                        assertThat(response.getErrorCode()).isEmpty();
                        underWay.release();
                    });
        }
        underWay.acquire(64);
    }

    @Test
    @Order(5)
    void stalled_readers_and_a_flood_of_commands_fit_the_heap() throws Exception {
        List<RawStream<?, ?>> stalled = new ArrayList<>();
        try (Connector flooding = Connector.to(server.address(), "flood", "flood-1");
             RawStream<CommandProviderOutbound, CommandProviderInbound> handler =
                     new RawStream<>(server.address(), CommandServiceGrpc.getOpenStreamMethod(), 1)) {
            for (int i = 0; i < 100; i++) {
                RawStream<GetEventsRequest, EventWithToken> reader = new RawStream<>(server.address(), EventStoreGrpc.getListEventsMethod(), 1);
                reader.send(GetEventsRequest.newBuilder().setNumberOfPermits(1_000_000).build());
                stalled.add(reader);
            }
            handler.send(CommandProviderOutbound.newBuilder().setInstructionId("1").setSubscribe(
                    CommandSubscription.newBuilder().setCommand("Flood").setClientId("stalled").setComponentName("stalled")).build());
            await().until(() -> handler.received().size() == 1);
            AtomicLong refused = new AtomicLong();
            Command command = Command.newBuilder().setName("Flood").setPayload(Connector.payload("text", "x".repeat(5_000))).build();
            for (int i = 0; i < 20_000; i++) {
                flooding.commands().sendCommand(command.toBuilder().setMessageIdentifier("flood-" + i).build()).thenAccept(response -> {
                    assertThat(response.getErrorCode()).isEqualTo("AXONIQ-1900");
                    refused.incrementAndGet();
                });
            }

            await().atMost(Duration.ofMinutes(1)).untilAtomic(refused, org.hamcrest.Matchers.is(10_000L));
            assertThat(flooding.append(List.of(Connector.event("order-" + UUID.randomUUID(), 0))).get(10, TimeUnit.SECONDS)).isNotNull();
        } finally {
            stalled.forEach(RawStream::close);
        }
    }

    /** Time, and how much of the machine it took: on a busy machine the first says little without the second. */
    private final class Meter {

        private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        private final long start = System.nanoTime();
        private final long clientCpu = system.getProcessCpuTime();
        private final long serverCpu = server.cpuTime().toNanos();

        private double seconds() {
            return (System.nanoTime() - start) / 1e9;
        }

        private double clientMicros(long operations) {
            return (system.getProcessCpuTime() - clientCpu) / 1e3 / operations;
        }

        private double serverMicros(long operations) {
            return (server.cpuTime().toNanos() - serverCpu) / 1e3 / operations;
        }
    }

    private static void report(String what, Meter meter, long operations, double bar) {
        double perSecond = operations / meter.seconds();
        System.out.printf("BAR %s: %,.0f/s (bar %,.0f/s); CPU each: server %.1f us, client %.1f us; machine load %.1f%n", what, perSecond, bar,
                meter.serverMicros(operations), meter.clientMicros(operations), meter.system.getSystemLoadAverage());
        assertThat(perSecond).as(what).isGreaterThan(bar);
    }
}
