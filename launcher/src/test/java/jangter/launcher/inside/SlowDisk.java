package jangter.launcher.inside;

import io.axoniq.axonserver.grpc.event.Event;
import jangter.axonserver.store.Block;
import jangter.axonserver.store.EventStore;
import jangter.axonserver.store.InMemoryEventStore;
import jangter.axonserver.store.NewEvent;
import jangter.axonserver.store.ScheduledEvent;
import jangter.axonserver.store.StoredEvent;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A store whose disk takes in one append after the other, each when the test says so. Readers see what it has taken in. */
final class SlowDisk implements EventStore {

    private final EventStore disk = new InMemoryEventStore();
    private final BlockingQueue<Append> waiting = new LinkedBlockingQueue<>();

    private record Append(List<NewEvent> transaction, Collection<CompletableFuture<Void>> builtOn, CompletableFuture<Void> done) {
    }

    /** The next append is stored, or refused if it does not fit. Waits for it to be given. */
    void next() {
        Append next = taken();
        disk.append(next.transaction(), next.builtOn()).whenComplete((done, refused) -> {
            if (refused == null) {
                next.done().complete(null);
            } else {
                next.done().completeExceptionally(refused);
            }
        });
    }

    /** The next append cannot be written. */
    void breakDown() {
        taken().done().completeExceptionally(new IllegalStateException("no space left"));
    }

    /** Another process writes to it, and does not wait. */
    void another(NewEvent event) {
        disk.append(List.of(event)).join();
    }

    int waiting() {
        return waiting.size();
    }

    private Append taken() {
        try {
            return Objects.requireNonNull(waiting.poll(10, TimeUnit.SECONDS), "nothing was appended");
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    static NewEvent event(String aggregate, long sequence) {
        return NewEvent.parse(Event.newBuilder().setMessageIdentifier(aggregate + "/" + sequence).setAggregateIdentifier(aggregate)
                .setAggregateSequenceNumber(sequence).setAggregateType("Order").build().toByteArray());
    }

    @Override
    public CompletableFuture<Void> append(List<NewEvent> transaction) {
        return append(transaction, List.of());
    }

    @Override
    public CompletableFuture<Void> append(List<NewEvent> transaction, Collection<CompletableFuture<Void>> builtOn) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        waiting.add(new Append(List.copyOf(transaction), List.copyOf(builtOn), done));
        return done;
    }

    @Override
    public CompletableFuture<Void> appendSnapshot(NewEvent snapshot) {
        return disk.appendSnapshot(snapshot);
    }

    @Override
    public long lastToken() {
        return disk.lastToken();
    }

    @Override
    public long tokenAt(long instant) {
        return disk.tokenAt(instant);
    }

    @Override
    public List<Block> read(long token, int maxBytes) {
        return disk.read(token, maxBytes);
    }

    @Override
    public List<StoredEvent> readAggregate(String aggregate, long sequence, int maxBytes) {
        return disk.readAggregate(aggregate, sequence, maxBytes);
    }

    @Override
    public long highestSequence(String aggregate) {
        return disk.highestSequence(aggregate);
    }

    @Override
    public List<StoredEvent> readSnapshots(String aggregate, long from, long to, int limit) {
        return disk.readSnapshots(aggregate, from, to, limit);
    }

    @Override
    public CompletableFuture<Void> schedule(ScheduledEvent scheduled) {
        return disk.schedule(scheduled);
    }

    @Override
    public CompletableFuture<Void> cancel(String scheduleToken) {
        return disk.cancel(scheduleToken);
    }

    @Override
    public CompletableFuture<Void> publishDue(long now) {
        return disk.publishDue(now);
    }

    @Override
    public OptionalLong nextDue() {
        return disk.nextDue();
    }

    @Override
    public void onAppend(Runnable listener) {
        disk.onAppend(listener);
    }

    @Override
    public CompletableFuture<Void> clear() {
        return disk.clear();
    }

    @Override
    public void close() {
        disk.close();
    }
}
