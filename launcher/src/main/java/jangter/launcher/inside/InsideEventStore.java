package jangter.launcher.inside;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jangter.axonserver.store.Block;
import jangter.axonserver.store.EventStore;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.AbstractEventStore;
import org.axonframework.lifecycle.Lifecycle;
import org.axonframework.lifecycle.Phase;
import org.axonframework.monitoring.MessageMonitor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Axon's event store on that of an Axon Server in this JVM. All processors read the same messages, so that each event is made of its bytes once,
 * however many handle it; and only those are woken for whom there is something.
 */
final class InsideEventStore extends AbstractEventStore implements Lifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(InsideEventStore.class);
    private static final int READ_AHEAD_BYTES = 128 * 1024;
    private static final int BLOCKS_AT_HAND = 512;

    private final EventStore store;
    private final InsideEventStorage storage;
    private final Set<InsideStream> open = ConcurrentHashMap.newKeySet();
    private final Semaphore appended = new Semaphore(0);
    /** By the very block, which the store keeps as long as it is recent. */
    private final Cache<Block, List<TrackedEventMessage<?>>> messages = Caffeine.newBuilder().weakKeys().maximumSize(BLOCKS_AT_HAND)
            .executor(Runnable::run).build();
    private final Thread waking;
    /** What readers were told of and some have not come to, in order. Of the waking thread alone. */
    private final Deque<Block> unread = new ArrayDeque<>();

    private InsideEventStore(Builder builder) {
        super(builder);
        this.store = builder.store;
        this.storage = builder.storage;
        waking = new Thread(() -> wakeReaders(store.lastToken()), "inside-events");
        store.onAppend(appended::release);
        waking.setDaemon(true);
        waking.start();
    }

    static InsideEventStore of(EventStore store, InsideEventStorage storage, MessageMonitor<? super EventMessage<?>> monitor) {
        Builder builder = new Builder(store, storage);
        builder.storageEngine(storage);
        builder.messageMonitor(monitor);
        return new InsideEventStore(builder);
    }

    @Override
    public TrackingEventStream openStream(@Nullable TrackingToken token) {
        InsideStream stream = new InsideStream(this, token == null ? 0 : token.position().orElseThrow() + 1);
        open.add(stream);
        return stream;
    }

    void closed(InsideStream stream) {
        open.remove(stream);
    }

    /** The next blocks from a position on, the first of which may begin before it; nothing at the end. */
    List<Block> blocks(long from) {
        return store.read(from, READ_AHEAD_BYTES);
    }

    List<TrackedEventMessage<?>> messages(Block block) {
        return messages.get(block, storage::messages);
    }

    private void wakeReaders(long from) {
        long seen = from;
        while (!waking.isInterrupted()) {
            try {
                appended.acquire();
                appended.drainPermits();
                // it may have been emptied, and begun anew
                seen = wakeAll(store.lastToken() < seen ? -1 : seen);
            } catch (InterruptedException stopping) {
                waking.interrupt();
            } catch (RuntimeException failed) {
                // readers look by themselves now and then, and with the next events they are told again
                LOG.warn("Events from {} on could not be looked at: {}", seen + 1, failed.toString());
            }
        }
    }

    /** @return up to where there is nothing new any more */
    private long wakeAll(long from) {
        long seen = from;
        for (List<Block> fresh = blocks(seen + 1); !fresh.isEmpty(); fresh = blocks(seen + 1)) {
            fresh.forEach(block -> open.forEach(stream -> tell(stream, block)));
            seen = fresh.get(fresh.size() - 1).lastToken();
            unread.addAll(fresh);
        }
        forgetRead();
        return seen;
    }

    /** What all readers have come past nobody asks for again, but who comes anew. Else it would be all that the collector copies. */
    private void forgetRead() {
        long last = open.stream().mapToLong(InsideStream::next).min().orElse(Long.MAX_VALUE);
        while (!unread.isEmpty() && (unread.element().lastToken() < last || unread.size() > BLOCKS_AT_HAND)) {
            messages.invalidate(unread.remove());
        }
    }

    /** A reader that cannot be woken keeps no other from it. */
    private void tell(InsideStream stream, Block block) {
        try {
            stream.tell(block, messages(block));
        } catch (RuntimeException failed) {
            LOG.warn("A reader could not be told of the events from {} on: {}", block.firstToken(), failed.toString());
        }
    }

    @Override
    public void registerLifecycleHandlers(LifecycleRegistry lifecycle) {
        lifecycle.onShutdown(Phase.OUTBOUND_EVENT_CONNECTORS, waking::interrupt);
    }

    private static final class Builder extends AbstractEventStore.Builder {

        private final EventStore store;
        private final InsideEventStorage storage;

        Builder(EventStore store, InsideEventStorage storage) {
            this.store = store;
            this.storage = storage;
        }
    }
}
