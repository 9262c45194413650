package jangter.axonserver.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** A store for tests and for trying out: as fast as memory, and gone with the process. */
public final class InMemoryEventStore implements EventStore {

    private static final int PUBLISHED_AT_ONCE = 1_000;

    private final List<NewEvent> events = new ArrayList<>();
    private final Map<String, List<NewEvent>> aggregates = new HashMap<>();
    private final Map<String, List<NewEvent>> snapshots = new HashMap<>();
    private final Map<String, ScheduledEvent> scheduled = new HashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    @Override
    public CompletableFuture<Void> append(List<NewEvent> transaction) {
        try {
            add(transaction);
        } catch (InvalidSequenceException e) {
            return CompletableFuture.failedFuture(e);
        }
        listeners.forEach(Runnable::run);
        return done();
    }

    /** Whatever was appended before is decided by now. */
    @Override
    public CompletableFuture<Void> append(List<NewEvent> transaction, Collection<CompletableFuture<Void>> builtOn) {
        return builtOn.stream().filter(CompletableFuture::isCompletedExceptionally).findFirst().orElseGet(() -> append(transaction));
    }

    private synchronized void add(List<NewEvent> transaction) {
        SequenceCheck.check(transaction, this::highestSequence);
        for (NewEvent event : transaction) {
            events.add(event);
            if (event.belongsToAggregate()) {
                aggregates.computeIfAbsent(event.aggregate(), id -> new ArrayList<>()).add(event);
            }
        }
    }

    @Override
    public synchronized CompletableFuture<Void> appendSnapshot(NewEvent snapshot) {
        long highest = highestSequence(snapshot.aggregate());
        if (snapshot.sequence() > highest) {
            return CompletableFuture.failedFuture(
                    new InvalidSequenceException(snapshot.aggregate(), snapshot.sequence(), highest));
        }
        snapshots.computeIfAbsent(snapshot.aggregate(), id -> new ArrayList<>()).add(0, snapshot.asSnapshot());
        return done();
    }

    @Override
    public synchronized long lastToken() {
        return events.size() - 1L;
    }

    @Override
    public synchronized long tokenAt(long instant) {
        int token = 0;
        while (token < events.size() && events.get(token).instant() < instant) {
            token++;
        }
        return token;
    }

    @Override
    public synchronized List<Block> read(long token, int maxBytes) {
        if (token >= events.size()) {
            return List.of();
        }
        BlockBuilder block = new BlockBuilder();
        for (long next = token; next < events.size() && block.bytes() < maxBytes; next++) {
            block.add(events.get((int) next).message());
        }
        return List.of(block.take(token));
    }

    @Override
    public synchronized List<StoredEvent> readAggregate(String aggregate, long sequence, int maxBytes) {
        List<StoredEvent> page = new ArrayList<>();
        int bytes = 0;
        List<NewEvent> all = aggregates.getOrDefault(aggregate, List.of());
        for (long next = sequence; next < all.size() && bytes < maxBytes; next++) {
            byte[] message = all.get((int) next).message();
            page.add(StoredEvent.of(next, message));
            bytes += message.length;
        }
        return page;
    }

    @Override
    public synchronized long highestSequence(String aggregate) {
        return aggregates.getOrDefault(aggregate, List.of()).size() - 1L;
    }

    @Override
    public synchronized List<StoredEvent> readSnapshots(String aggregate, long from, long to, int limit) {
        return snapshots.getOrDefault(aggregate, List.of()).stream()
                .filter(snapshot -> snapshot.sequence() >= from && snapshot.sequence() <= to)
                .limit(limit)
                .map(snapshot -> StoredEvent.of(snapshot.sequence(), snapshot.message()))
                .toList();
    }

    @Override
    public synchronized CompletableFuture<Void> schedule(ScheduledEvent event) {
        scheduled.put(event.token(), event);
        return done();
    }

    @Override
    public synchronized CompletableFuture<Void> cancel(String scheduleToken) {
        scheduled.remove(scheduleToken);
        return done();
    }

    @Override
    public CompletableFuture<Void> publishDue(long now) {
        CompletableFuture<Void> published = done();
        for (ScheduledEvent due : takeDue(now)) {
            published = CompletableFuture.allOf(published, append(List.of(due.event().at(now))));
        }
        return published;
    }

    private synchronized List<ScheduledEvent> takeDue(long now) {
        List<ScheduledEvent> due = scheduled.values().stream()
                .filter(event -> event.instant() <= now)
                .sorted(Comparator.comparingLong(ScheduledEvent::instant))
                .limit(PUBLISHED_AT_ONCE)
                .toList();
        due.forEach(event -> scheduled.remove(event.token()));
        return due;
    }

    @Override
    public synchronized OptionalLong nextDue() {
        return scheduled.values().stream().mapToLong(ScheduledEvent::instant).min();
    }

    @Override
    public void onAppend(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public synchronized CompletableFuture<Void> clear() {
        events.clear();
        aggregates.clear();
        snapshots.clear();
        scheduled.clear();
        return done();
    }

    @Override
    public void close() {
        listeners.clear();
    }

    private static CompletableFuture<Void> done() {
        return CompletableFuture.completedFuture(null);
    }
}
