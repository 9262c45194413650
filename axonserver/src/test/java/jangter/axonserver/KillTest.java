package jangter.axonserver;

import io.axoniq.axonserver.connector.event.EventStream;
import io.axoniq.axonserver.grpc.event.Event;
import io.axoniq.axonserver.grpc.event.EventWithToken;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The server process is killed as by {@code kill -9} while it appends, again and again on the same folder. */
class KillTest {

    private static final int KILLS = 20;
    private static final int WRITERS = 8;
    private static final int EVENTS_IN_TRANSACTION = 3;

    @TempDir
    Path folder;

    /** What writers were told is stored: each aggregate's last confirmed sequence number. */
    private final Map<String, Long> confirmed = new ConcurrentHashMap<>();
    private final Map<String, Long> attempted = new ConcurrentHashMap<>();
    /** What a reader was shown, by token. */
    private final Map<Long, String> shown = new ConcurrentHashMap<>();

    @Test
    void twenty_kills_in_mid_append_lose_nothing_confirmed_and_unsay_nothing_shown() throws Exception {
        Random random = new Random(20);
        for (int kill = 0; kill < KILLS; kill++) {
            ServerProcess server = ServerProcess.start(folder, 0, "-XX:TieredStopAtLevel=1", "-Xmx128m");
            Connector client = Connector.to(server.address(), "test", "writer");
            try {
                List<EventWithToken> stored = readAll(client);
                check(stored);
                Thread reader = follow(client);
                List<CompletableFuture<Void>> writers = IntStream.range(0, WRITERS)
                        .mapToObj(writer -> CompletableFuture.runAsync(() -> writeUntilItFails(client, "order-" + writer), task -> new Thread(task).start()))
                        .toList();
                Map<String, Long> before = Map.copyOf(confirmed);
                await().until(() -> !confirmed.equals(before));
                LockSupport.parkNanos(random.nextInt(100_000_000));

                server.kill();

                writers.forEach(CompletableFuture::join);
                reader.interrupt();
                reader.join();
            } finally {
                // the connector takes its time to part from a server that is gone
                CompletableFuture.runAsync(client::close);
            }
        }
        try (ServerProcess server = ServerProcess.start(folder, 0); Connector client = Connector.to(server.address(), "test", "reader")) {
            List<EventWithToken> stored = readAll(client);
            check(stored);
            assertThat(stored).hasSizeGreaterThan(KILLS * WRITERS * EVENTS_IN_TRANSACTION);
        }
    }

    private void writeUntilItFails(Connector client, String aggregate) {
        try {
            long next = client.events().findHighestSequence(aggregate).join() + 1;
            while (true) {
                long last = next + EVENTS_IN_TRANSACTION - 1;
                attempted.put(aggregate, last);
                Event[] transaction = new Event[EVENTS_IN_TRANSACTION];
                for (int i = 0; i < EVENTS_IN_TRANSACTION; i++) {
                    transaction[i] = Connector.event(aggregate, next + i);
                }
                client.events().appendEvents(transaction).get(5, TimeUnit.SECONDS);
                confirmed.put(aggregate, last);
                next = last + 1;
            }
        } catch (Exception e) {
            // killed
        }
    }

    private Thread follow(Connector client) {
        Thread thread = new Thread(() -> {
            try (EventStream stream = client.events().openStream(-1, 1_000)) {
                while (true) {
                    EventWithToken event = stream.nextIfAvailable(10, TimeUnit.SECONDS);
                    if (event == null) {
                        return;
                    }
                    shown.put(event.getToken(), event.getEvent().getMessageIdentifier());
                }
            } catch (Exception e) {
                // killed
            }
        });
        thread.start();
        return thread;
    }

    private static List<EventWithToken> readAll(Connector client) throws InterruptedException {
        long last = client.events().getLastToken().join();
        List<EventWithToken> all = new ArrayList<>();
        try (EventStream stream = client.events().openStream(-1, 10_000)) {
            while (all.size() <= last) {
                all.add(stream.next());
            }
        }
        return all;
    }

    private void check(List<EventWithToken> stored) {
        Map<String, Long> reached = new HashMap<>();
        for (int token = 0; token < stored.size(); token++) {
            EventWithToken event = stored.get(token);
            assertThat(event.getToken()).isEqualTo(token);
            String aggregate = event.getEvent().getAggregateIdentifier();
            assertThat(event.getEvent().getAggregateSequenceNumber()).isEqualTo(reached.getOrDefault(aggregate, -1L) + 1);
            reached.put(aggregate, event.getEvent().getAggregateSequenceNumber());
        }
        confirmed.forEach((aggregate, last) -> assertThat(reached.get(aggregate)).as(aggregate).isGreaterThanOrEqualTo(last));
        reached.forEach((aggregate, last) -> {
            assertThat(last).as(aggregate).isLessThanOrEqualTo(attempted.get(aggregate));
            assertThat((last + 1) % EVENTS_IN_TRANSACTION).as("a part of a transaction").isZero();
        });
        shown.forEach((token, id) -> {
            assertThat(token).as("shown and lost").isLessThan(stored.size());
            assertThat(stored.get(token.intValue()).getEvent().getMessageIdentifier()).isEqualTo(id);
        });
    }
}
