package jangter.platform.messaging;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Of what types the store's last events are, so that a processor's lag counts those alone that concern it: what does not is left out of
 * its stream, and does not move its token. A processor that stands further back than is remembered here is said to lack all until there.
 */
final class RecentEvents {

    private static final Logger LOG = LoggerFactory.getLogger(RecentEvents.class);
    private static final int REMEMBERED = 2_000;
    private static final int PATIENCE_MILLIS = 1_000;

    private final EventStore events;
    private final Deque<Told> told = new ArrayDeque<>();
    /** All events are known that came after this position and until {@code end}. */
    private long begin = -1;
    private long end = -1;

    RecentEvents(EventStore events) {
        this.events = events;
    }

    private record Told(long position, Class<?> type) {
    }

    /** Looks at what came until that position. */
    synchronized void look(long head) {
        if (head - end > REMEMBERED || head < end) {
            told.clear();
            begin = Math.max(-1, head - REMEMBERED);
            end = begin;
        }
        if (head > end) {
            try (BlockingStream<TrackedEventMessage<?>> stream = events.openStream(end < 0 ? null : new GlobalSequenceTrackingToken(end))) {
                while (end < head && stream.hasNextAvailable(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                    TrackedEventMessage<?> next = stream.nextAvailable();
                    end = next.trackingToken().position().orElse(head);
                    told.add(new Told(end, next.getPayloadType()));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException away) {
                LOG.debug("The last events cannot be read just now", away);
            }
        }
        while (told.size() > REMEMBERED) {
            begin = told.remove().position();
        }
    }

    /** How many events after one position and until another are of types that matter; one of which nothing is known matters. */
    synchronized long between(long position, long head, Predicate<Class<?>> matters) {
        long known = told.stream().filter(event -> event.position() > position && event.position() <= head && matters.test(event.type())).count();
        return known + Math.max(0, Math.min(begin, head) - position) + Math.max(0, head - Math.max(end, position));
    }
}
