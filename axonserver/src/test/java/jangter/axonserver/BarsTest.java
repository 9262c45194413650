package jangter.axonserver;

import io.axoniq.axonserver.connector.event.EventStream;
import io.axoniq.axonserver.grpc.command.Command;
import io.axoniq.axonserver.grpc.command.CommandResponse;
import io.axoniq.axonserver.grpc.event.Event;
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
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

import static org.assertj.core.api.Assertions.assertThat;

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
            appendSingles(client, 3);
            report("single-event appends, 32 callers, synced", appendSingles(client, SECONDS), 5_000);
        }
    }

    private static double appendSingles(Connector client, int seconds) throws Exception {
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
        return done.get() / (double) seconds;
    }

    @Test
    @Order(2)
    void events_are_appended_a_hundred_at_a_time() throws Exception {
        try (Connector client = Connector.to(server.address(), "bars", "bars-1")) {
            appendHundreds(client, 100_000);
            long start = System.nanoTime();
            appendHundreds(client, STORED);
            report("appends of 100 events, events", STORED / seconds(start), 100_000);
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
        server = ServerProcess.start(folder, 0, "-Xmx256m");
        System.out.printf("BAR a store of more than %,d events: process up and open after %.2f s (bar 2 s, JVM start included)%n",
                STORED, seconds(opening));
        try (Connector client = Connector.to(server.address(), "bars", "bars-1")) {
            read(client, Math.min(STORED, 500_000));
            long start = System.nanoTime();
            read(client, STORED);
            report("one reader from the start, events", STORED / seconds(start), 150_000);
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
                    .awaitAck(5, java.util.concurrent.TimeUnit.SECONDS);
            send(sender, 20_000);
            long start = System.nanoTime();
            int commands = 10_000 * SECONDS;
            send(sender, commands);
            report("commands to a handler in another connection", commands / seconds(start), 5_000);
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

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static void report(String what, double perSecond, double bar) {
        System.out.printf("BAR %s: %,.0f/s (bar %,.0f/s, machine load %.1f)%n", what, perSecond, bar,
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        assertThat(perSecond).as(what).isGreaterThan(bar);
    }
}
