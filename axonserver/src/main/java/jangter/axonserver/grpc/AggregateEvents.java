package jangter.axonserver.grpc;

import io.axoniq.axonserver.grpc.event.GetAggregateEventsRequest;
import jangter.axonserver.store.EventStore;
import jangter.axonserver.store.StoredEvent;
import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.List;

/** One aggregate's events, page by page, where asked for with its latest snapshot instead of those before it. */
final class AggregateEvents implements PacedStream.Source<EventFrame> {

    private static final int PAGE_BYTES = 256 * 1024;

    private final EventStore store;
    private final String aggregate;
    private final boolean snapshotAllowed;
    private final long end;
    private long next;
    private boolean started;
    private boolean ended;
    private Iterator<StoredEvent> page = List.<StoredEvent>of().iterator();

    AggregateEvents(EventStore store, GetAggregateEventsRequest request) {
        this.store = store;
        this.aggregate = request.getAggregateId();
        this.snapshotAllowed = request.getAllowSnapshots();
        this.next = request.getInitialSequence();
        // documented as inclusive, exclusive in practice: so measured on the real one
        this.end = request.getMaxSequence() == 0 ? Long.MAX_VALUE : request.getMaxSequence();
    }

    @Override
    public @Nullable EventFrame next() {
        if (!started) {
            started = true;
            if (snapshotAllowed) {
                List<StoredEvent> snapshot = store.readSnapshots(aggregate, next, end - 1, 1);
                if (!snapshot.isEmpty()) {
                    next = snapshot.get(0).position() + 1;
                    return EventFrame.plain(snapshot.get(0));
                }
            }
        }
        if (!page.hasNext() && !ended) {
            List<StoredEvent> events = next < end ? store.readAggregate(aggregate, next, PAGE_BYTES) : List.of();
            ended = events.isEmpty();
            page = events.iterator();
        }
        if (!page.hasNext()) {
            return null;
        }
        StoredEvent event = page.next();
        if (event.position() >= end) {
            ended = true;
            page = List.<StoredEvent>of().iterator();
            return null;
        }
        next = event.position() + 1;
        return EventFrame.plain(event);
    }

    @Override
    public boolean ended() {
        return ended && !page.hasNext();
    }
}
