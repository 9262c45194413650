package jangter.axonserver.store;

import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * Events in the order of their tokens, contiguous from 0, and by aggregate in the order of their sequence numbers, gapless
 * from 0. Every write is atomic and lies on disk (where there is one) before its future completes; nothing is seen by a reader
 * earlier. Writes fail with {@link InvalidSequenceException} or {@link StoreFailedException}, reads with the latter.
 */
public interface EventStore extends AutoCloseable {

    CompletableFuture<Void> append(List<NewEvent> transaction);

    /**
     * The same for who has built on appends to this store that were not confirmed when it did. If one of them is refused or fails, so is this one, though
     * its sequence numbers may fit by then: what they follow is not what was built on.
     */
    CompletableFuture<Void> append(List<NewEvent> transaction, Collection<CompletableFuture<Void>> builtOn);

    CompletableFuture<Void> appendSnapshot(NewEvent snapshot);

    /** The newest event's token, -1 in an empty store. */
    long lastToken();

    /** The token of the first event dated at {@code instant} or later; past the end, the next token there will be. */
    long tokenAt(long instant);

    /**
     * Events from {@code token} on, the block that holds it first: at least one block if there is any, then as many as fit in
     * {@code maxBytes}. Empty at the end of the store.
     */
    List<Block> read(long token, int maxBytes);

    /** An aggregate's next events from {@code sequence} on: at least one if there is any, then about {@code maxBytes} of them. */
    List<StoredEvent> readAggregate(String aggregate, long sequence, int maxBytes);

    /** -1 for an unknown aggregate. */
    long highestSequence(String aggregate);

    /** An aggregate's snapshots between two sequence numbers, both included, the latest appended first. */
    List<StoredEvent> readSnapshots(String aggregate, long from, long to, int limit);

    /** Adds a scheduled event, or replaces the one with its token. */
    CompletableFuture<Void> schedule(ScheduledEvent scheduled);

    CompletableFuture<Void> cancel(String scheduleToken);

    /** Publishes scheduled events due at {@code now}, oldest first, each in the same transaction that forgets its schedule. */
    CompletableFuture<Void> publishDue(long now);

    /** When the next scheduled event is due. */
    OptionalLong nextDue();

    /** Calls back after events became visible; the callback must be quick. */
    void onAppend(Runnable listener);

    /** Forgets everything. For tests. */
    CompletableFuture<Void> clear();

    @Override
    void close();
}
