package jangter.axonserver.grpc;

import io.axoniq.axonserver.grpc.event.GetEventsRequest;
import io.axoniq.axonserver.grpc.event.PayloadDescription;
import jangter.axonserver.store.Block;
import jangter.axonserver.store.EventStore;
import jangter.axonserver.store.StoredEvent;
import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** One reader's way through the store, from a token to the end and on with what is appended, as far as its permits go. */
final class EventTail implements PacedStream.Source<EventFrame> {

    private static final int READ_AHEAD_BYTES = 128 * 1024;
    /** After so many skipped events one is sent all the same, so that the reader's token advances. */
    private static final int SKIPPED_AT_MOST = 1_000;

    private final EventStore store;
    private final AtomicLong permits = new AtomicLong();
    private final Set<PayloadDescription> skippedTypes = ConcurrentHashMap.newKeySet();
    private long next;
    private Iterator<Block> blocks = Collections.emptyIterator();
    private Iterator<StoredEvent> events = Collections.emptyIterator();
    private int skipped;

    EventTail(EventStore store, GetEventsRequest first) {
        this.store = store;
        this.next = Math.max(0, first.getTrackingToken());
        more(first);
    }

    void more(GetEventsRequest request) {
        permits.addAndGet(request.getNumberOfPermits());
        skippedTypes.addAll(request.getBlacklistList());
    }

    @Override
    public @Nullable EventFrame next() {
        if (permits.get() <= 0) {
            return null;
        }
        StoredEvent event = nextWanted();
        if (event == null) {
            return null;
        }
        permits.decrementAndGet();
        return EventFrame.withToken(event);
    }

    private @Nullable StoredEvent nextWanted() {
        while (true) {
            StoredEvent event = nextStored();
            if (event == null || skippedTypes.isEmpty() || !skippedTypes.contains(PayloadType.of(event)) || ++skipped > SKIPPED_AT_MOST) {
                if (event != null) {
                    skipped = 0;
                }
                return event;
            }
        }
    }

    private @Nullable StoredEvent nextStored() {
        while (!events.hasNext()) {
            if (!blocks.hasNext()) {
                List<Block> ahead = store.read(next, READ_AHEAD_BYTES);
                if (ahead.isEmpty()) {
                    return null;
                }
                blocks = ahead.iterator();
            }
            events = blocks.next().from(next).iterator();
        }
        StoredEvent event = events.next();
        next = event.position() + 1;
        return event;
    }

    @Override
    public boolean ended() {
        return false;
    }
}
