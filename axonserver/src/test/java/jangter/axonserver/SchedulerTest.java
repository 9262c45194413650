package jangter.axonserver;

import io.axoniq.axonserver.connector.event.EventStream;
import io.axoniq.axonserver.grpc.event.Event;
import io.axoniq.axonserver.grpc.event.EventWithToken;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

class SchedulerTest {

    @TempDir
    Path folder;

    private DevelopmentAxonServer server;
    private Connector client;

    @BeforeEach
    void start() {
        server = DevelopmentAxonServer.start(Settings.onFolder(folder));
        client = Connector.to(server.address(), "test", "client");
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void a_schedule_token_is_a_uuid() {
        String token = client.events().scheduleEvent(Duration.ofHours(1), reminder()).join();

        assertThat(UUID.fromString(token)).hasToString(token);
    }

    @Test
    void an_event_is_published_when_it_is_due_and_dated_then() throws Exception {
        Instant due = Instant.now().plusMillis(400);
        client.events().scheduleEvent(due, reminder()).join();

        EventWithToken published = nextEvent();

        assertThat(published.getEvent().getTimestamp()).isGreaterThanOrEqualTo(due.toEpochMilli());
        assertThat(published.getEvent().getPayload()).isEqualTo(reminder().getPayload());
    }

    @Test
    void a_past_instant_publishes_promptly() throws Exception {
        client.events().scheduleEvent(Instant.now().minusSeconds(3_600), reminder()).join();

        assertThat(nextEvent().getEvent().getTimestamp()).isCloseTo(System.currentTimeMillis(), org.assertj.core.data.Offset.offset(10_000L));
    }

    @Test
    void a_nearer_event_does_not_wait_for_a_farther_one() throws Exception {
        client.events().scheduleEvent(Duration.ofHours(1), reminder()).join();
        Event near = reminder();
        client.events().scheduleEvent(Duration.ofMillis(100), near).join();

        assertThat(nextEvent().getEvent().getMessageIdentifier()).isEqualTo(near.getMessageIdentifier());
    }

    @Test
    void a_cancelled_event_is_not_published_and_cancelling_it_again_succeeds() throws Exception {
        String token = client.events().scheduleEvent(Duration.ofSeconds(2), reminder()).join();

        assertThat(client.events().cancelSchedule(token).join().getSuccess()).isTrue();
        assertThat(client.events().cancelSchedule(token).join().getSuccess()).isTrue();
        assertThat(client.events().cancelSchedule(UUID.randomUUID().toString()).join().getSuccess()).isTrue();

        Event marker = reminder();
        client.events().scheduleEvent(Duration.ofMillis(2_200), marker).join();
        assertThat(nextEvent().getEvent().getMessageIdentifier()).isEqualTo(marker.getMessageIdentifier());
    }

    @Test
    void a_rescheduled_event_is_published_once_at_its_new_time() throws Exception {
        String token = client.events().scheduleEvent(Duration.ofHours(1), reminder()).join();
        Event sooner = reminder();

        assertThat(client.events().reschedule(token, Duration.ofMillis(200), sooner).join()).isEqualTo(token);

        assertThat(nextEvent().getEvent().getMessageIdentifier()).isEqualTo(sooner.getMessageIdentifier());
        assertThat(client.events().getLastToken().join()).isZero();
    }

    @Test
    void what_was_due_while_the_server_was_away_is_published_when_it_is_back() throws Exception {
        Event event = reminder();
        client.events().scheduleEvent(Duration.ofMillis(300), event).join();
        int port = server.port();
        server.close();

        server = DevelopmentAxonServer.start(Settings.onFolder(folder).withPort(port));
        client.close();
        client = Connector.to(server.address(), "test", "client");

        assertThat(nextEvent().getEvent().getMessageIdentifier()).isEqualTo(event.getMessageIdentifier());
    }

    private EventWithToken nextEvent() throws InterruptedException {
        try (EventStream stream = client.events().openStream(-1, 64)) {
            EventWithToken next = stream.nextIfAvailable(10, TimeUnit.SECONDS);
            assertThat(next).as("a published event").isNotNull();
            return next;
        }
    }

    private static Event reminder() {
        return Event.newBuilder().setMessageIdentifier(UUID.randomUUID().toString()).setPayload(Connector.payload("PaymentOverdue", "{}")).build();
    }
}
