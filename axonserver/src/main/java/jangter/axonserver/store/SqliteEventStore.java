package jangter.axonserver.store;

import jangter.axonserver.store.BlockRuns.Run;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The durable store. One thread writes: it takes all writes that wait, puts them into one database transaction, and confirms
 * them once that is on disk; so the more callers, the more each sync carries. When nothing is to be written it brings the index by aggregate
 * up to date, which until then is in memory. Readers have connections of their own and are held up by no writer.
 */
public final class SqliteEventStore implements EventStore {

    private static final Logger log = LoggerFactory.getLogger(SqliteEventStore.class);
    private static final int READERS = 4;
    private static final int WRITES_IN_COMMIT = 1_000;
    /** So many are enough for a commit. */
    private static final int CROWD = 32;
    private static final long MOMENT_NANOS = 500_000;
    private static final int RECENT_BYTES = 16 * 1024 * 1024;
    /** Long enough that the index does not come between two writes of one caller. */
    private static final Duration QUIET = Duration.ofMillis(100);

    private final SqliteFile file;
    private final Duration quiet;
    private final Unindexed unindexed = new Unindexed();
    private final Snapshotted snapshotted = new Snapshotted();
    private final SqliteWriter writer;
    private final BlockingQueue<SqliteReader> readers = new ArrayBlockingQueue<>(READERS);
    private final BlockingQueue<Write> queue = new LinkedBlockingQueue<>();
    private final RecentBlocks recent = new RecentBlocks(RECENT_BYTES);
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile long lastToken;
    private volatile boolean closed;

    private SqliteEventStore(SqliteFile file, Duration quiet) throws SQLException {
        this.file = file;
        this.quiet = quiet;
        this.writer = new SqliteWriter(file.connectForWriting(), unindexed, snapshotted);
        for (int i = 0; i < READERS; i++) {
            readers.add(new SqliteReader(file.connectForReading()));
        }
        this.lastToken = writer.lastToken();
        this.thread = new Thread(this::writeUntilClosed, "axonserver-writer");
        thread.setDaemon(true);
        thread.start();
    }

    /** @throws UnusableFolderException if the folder is in use, not writable, or holds a damaged or foreign file */
    public static SqliteEventStore open(Path folder) {
        return open(folder, QUIET);
    }

    /** @param quiet how long nothing must come before what was appended is indexed */
    static SqliteEventStore open(Path folder, Duration quiet) {
        SqliteFile file = SqliteFile.open(folder);
        try {
            return new SqliteEventStore(file, quiet);
        } catch (SQLException e) {
            file.close();
            throw file.damaged(e);
        }
    }

    @Override
    public CompletableFuture<Void> append(List<NewEvent> transaction) {
        return write(() -> writer.append(transaction));
    }

    @Override
    public CompletableFuture<Void> append(List<NewEvent> transaction, Collection<CompletableFuture<Void>> builtOn) {
        return builtOn.isEmpty() ? append(transaction) : write(() -> {
            for (CompletableFuture<Void> before : builtOn) {
                mustHold(before);
            }
            writer.append(transaction);
        });
    }

    /** Whatever was appended before has been tried by now, and may wait for the very commit that this one will wait for. */
    private static void mustHold(CompletableFuture<Void> before) {
        InvalidSequenceException refused = before instanceof Write write ? write.refused : null;
        if (refused != null) {
            throw refused;
        }
        if (before.isCompletedExceptionally()) {
            throw InvalidSequenceException.builtOnNothing();
        }
    }

    @Override
    public CompletableFuture<Void> appendSnapshot(NewEvent snapshot) {
        return write(() -> writer.appendSnapshot(snapshot));
    }

    @Override
    public CompletableFuture<Void> schedule(ScheduledEvent scheduled) {
        return write(() -> writer.schedule(scheduled));
    }

    @Override
    public CompletableFuture<Void> cancel(String scheduleToken) {
        return write(() -> writer.cancel(scheduleToken));
    }

    @Override
    public CompletableFuture<Void> publishDue(long now) {
        return write(() -> writer.publishDue(now));
    }

    @Override
    public CompletableFuture<Void> clear() {
        Write clearing = new Write(() -> { }, true);
        enqueue(clearing);
        return clearing;
    }

    private CompletableFuture<Void> write(Statements statements) {
        Write write = new Write(statements, false);
        enqueue(write);
        return write;
    }

    private void enqueue(Write write) {
        queue.add(write);
        if (closed) {
            failAll(drained(), new IllegalStateException("the server is shutting down"));
        }
    }

    private interface Statements {
        void run() throws SQLException;
    }

    /** Done once it is on disk. */
    private static final class Write extends CompletableFuture<Void> {
        final Statements statements;
        final boolean alone;
        /** For the writer's thread alone: known before the refusal may be told. */
        @Nullable InvalidSequenceException refused;

        Write(Statements statements, boolean alone) {
            this.statements = statements;
            this.alone = alone;
        }
    }

    private void writeUntilClosed() {
        List<Write> together = new ArrayList<>();
        boolean isCrowded = false;
        while (!closed) {
            try {
                together.add(next());
            } catch (InterruptedException e) {
                throw new IllegalStateException("Nobody interrupts the writer", e);
            }
            if (isCrowded && queue.size() < CROWD) {
                // where several came together others follow, and a sync costs the same for all of them
                LockSupport.parkNanos(MOMENT_NANOS);
            }
            queue.drainTo(together, WRITES_IN_COMMIT - 1);
            isCrowded = together.size() > 1;
            commit(together);
            together.clear();
        }
        failAll(drained(), new IllegalStateException("the server is shutting down"));
    }

    /** Indexes while none comes, and looks for one after each step. */
    private Write next() throws InterruptedException {
        Write next = writer.isIndexed() ? queue.take() : queue.poll(quiet.toNanos(), TimeUnit.NANOSECONDS);
        while (next == null) {
            next = index() ? queue.poll() : queue.take();
        }
        return next;
    }

    /** Whether there is more to index. What fails is tried again after the next write, since a full disk does not pass at once. */
    private boolean index() {
        try {
            writer.index();
            return !writer.isIndexed();
        } catch (SQLException | RuntimeException e) {
            log.error("Cannot index the event store", e);
            rollback();
            return false;
        }
    }

    private List<Write> drained() {
        List<Write> left = new ArrayList<>();
        queue.drainTo(left);
        return left;
    }

    private void commit(List<Write> together) {
        try {
            for (Write write : together) {
                if (write.alone) {
                    commitWritten();
                    writer.clear();
                    recent.clear();
                    lastToken = -1;
                    continue;
                }
                try {
                    write.statements.run();
                } catch (InvalidSequenceException e) {
                    // the number may be taken by a write that is not on disk yet: the refusal waits for it too
                    write.refused = e;
                }
            }
            commitWritten();
        } catch (SQLException | RuntimeException e) {
            log.error("Cannot write the event store", e);
            rollback();
            failAll(together, e);
            return;
        }
        for (Write write : together) {
            if (write.refused == null) {
                write.complete(null);
            } else {
                write.completeExceptionally(write.refused);
            }
        }
    }

    private void commitWritten() throws SQLException {
        List<Block> committed = writer.commit();
        if (!committed.isEmpty()) {
            recent.add(committed);
            lastToken = writer.lastToken();
            listeners.forEach(Runnable::run);
        }
    }

    private void rollback() {
        try {
            writer.rollback();
        } catch (SQLException e) {
            log.error("Cannot roll back", e);
        }
    }

    private static void failAll(List<Write> writes, Throwable cause) {
        writes.forEach(write -> write.completeExceptionally(StoreFailedException.writing(cause)));
    }

    @Override
    public long lastToken() {
        return lastToken;
    }

    @Override
    public long tokenAt(long instant) {
        long last = lastToken;
        return read(reader -> reader.tokenAt(instant, last));
    }

    @Override
    public List<Block> read(long token, int maxBytes) {
        long last = lastToken;
        if (token > last) {
            return List.of();
        }
        List<Block> found = recent.from(token, maxBytes);
        return found.isEmpty() ? read(reader -> reader.blocksFrom(token, last, maxBytes)) : found;
    }

    @Override
    public List<StoredEvent> readAggregate(String aggregate, long sequence, int maxBytes) {
        List<Run> waiting = unindexed.of(aggregate, sequence);
        return read(reader -> reader.aggregate(aggregate, sequence, waiting, maxBytes));
    }

    @Override
    public long highestSequence(String aggregate) {
        long waiting = unindexed.highestSequence(aggregate);
        return waiting >= 0 ? waiting : read(reader -> reader.highestSequence(aggregate));
    }

    @Override
    public List<StoredEvent> readSnapshots(String aggregate, long from, long to, int limit) {
        return snapshotted.mayBe(aggregate) ? read(reader -> reader.snapshots(aggregate, from, to, limit)) : List.of();
    }

    @Override
    public OptionalLong nextDue() {
        return read(SqliteReader::nextDue);
    }

    private interface Question<T> {
        T ask(SqliteReader reader) throws SQLException;
    }

    private <T> T read(Question<T> question) {
        SqliteReader reader;
        try {
            reader = readers.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StoreFailedException.reading(e);
        }
        try {
            return question.ask(reader);
        } catch (SQLException e) {
            throw StoreFailedException.reading(e);
        } finally {
            readers.add(reader);
        }
    }

    @Override
    public void onAppend(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        queue.add(new Write(() -> { }, false)); // wakes the writer, which then sees that it is to end
        try {
            thread.join();
            for (int i = 0; i < READERS; i++) {
                readers.take().close();
            }
            writer.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            throw StoreFailedException.writing(e);
        } finally {
            file.close();
        }
    }
}
