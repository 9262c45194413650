package jangter.console;

import io.axoniq.axonserver.connector.event.AggregateEventStream;
import io.axoniq.axonserver.connector.event.EventChannel;
import io.axoniq.axonserver.connector.event.EventStream;
import io.axoniq.axonserver.connector.impl.StreamClosedException;
import io.axoniq.axonserver.grpc.event.Event;
import io.axoniq.axonserver.grpc.event.EventWithToken;
import jangter.kernel.UnavailableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.axonframework.axonserver.connector.AxonServerConnectionManager;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Reads the event store as any client of Axon Server may. It blocks while it reads, so it is for threads that may wait.
 */
@Component
class EventReader {

    private static final long PATIENCE_SECONDS = 5;
    private static final int MOST_AHEAD = 2_048;

    private final ObjectProvider<AxonServerConnectionManager> connections;

    EventReader(ObjectProvider<AxonServerConnectionManager> connections) {
        this.connections = connections;
    }

    /** An event and its place: in the order of all, or its sequence number among its aggregate's. */
    record Placed(long place, Event event) {
    }

    /** The last event's position; -1 in an empty store. */
    long last() {
        return await(channel().getLastToken());
    }

    /** The position of the first event at or after that instant; one past the last if there is none. */
    long firstAt(Instant instant) {
        // the connector tells after which position to read on
        return await(channel().getTokenAt(instant.toEpochMilli())) + 1;
    }

    /** The sequence number of the aggregate's last event, -1 if it has none. */
    long lastOf(String aggregate) {
        return await(channel().findHighestSequence(aggregate));
    }

    /** The events from one position to before another, oldest first. */
    List<Placed> between(long from, long until) {
        List<Placed> events = new ArrayList<>();
        if (from >= until) {
            return events;
        }
        int ahead = (int) Math.min(MOST_AHEAD, until - from);
        try (EventStream stream = channel().openStream(from - 1, ahead, ahead)) {
            for (long at = from - 1; at < until - 1;) {
                EventWithToken next = stream.nextIfAvailable(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (next == null) {
                    throw new UnavailableException("An event did not come", new TimeoutException());
                }
                at = next.getToken();
                if (at < until) {
                    events.add(new Placed(at, next.getEvent()));
                }
            }
            return events;
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (StreamClosedException closed) {
            throw new UnavailableException("Axon Server closed the stream of events", closed);
        }
    }

    /** An aggregate's events from one sequence number to before another, oldest first. */
    List<Placed> between(String aggregate, long from, long until) {
        List<Placed> events = new ArrayList<>();
        if (from >= until) {
            return events;
        }
        AggregateEventStream stream = channel().openAggregateStream(aggregate, from, until);
        try {
            while (stream.hasNext()) {
                Event event = stream.next();
                if (event.getAggregateSequenceNumber() < until) {
                    events.add(new Placed(event.getAggregateSequenceNumber(), event));
                }
            }
            return events;
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            stream.cancel();
        }
    }

    private EventChannel channel() {
        AxonServerConnectionManager manager = connections.getIfAvailable();
        if (manager == null) {
            throw new UnavailableException("There is no Axon Server here", new IllegalStateException("axon.axonserver.enabled=false"));
        }
        return manager.getConnection().eventChannel();
    }

    private static long await(CompletableFuture<Long> answer) {
        try {
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException unanswered) {
            throw new UnavailableException("Axon Server did not answer", unanswered);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static UnavailableException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new UnavailableException("Interrupted while reading events", e);
    }
}
