package jangter.axonserver.store;

import jangter.axonserver.store.BlockRuns.Run;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One database transaction at a time, in which many of the store's writes are put down together; used by the writer thread alone.
 * After {@link #commit} the events are on disk.
 */
final class SqliteWriter implements AutoCloseable {

    /** What one block takes in: larger reads and writes faster, smaller makes a single aggregate's events cheaper to find. */
    private static final int EVENTS_IN_BLOCK = 128;
    private static final int BYTES_IN_BLOCK = 32 * 1024;
    private static final int KNOWN_AGGREGATES = 20_000;
    private static final int PUBLISHED_AT_ONCE = 1_000;
    private static final int BYTES_READ_AT_ONCE = 1024 * 1024;

    private final Connection connection;
    private final WriteTransaction transaction;
    private final SqliteReader reader;
    private final Unindexed unindexed;
    private final Snapshotted snapshotted;
    private final PreparedStatement insertBlock;
    private final PreparedStatement insertRun;
    private final PreparedStatement updateIndexed;
    private final PreparedStatement insertSnapshot;
    private final PreparedStatement insertScheduled;
    private final PreparedStatement deleteScheduled;
    private final PreparedStatement selectDue;

    /** All that was appended since the last commit, and before it the aggregates used last, the eldest first. */
    private final Map<String, Long> known = new LinkedHashMap<>(16, 0.75f, true);
    private final BlockBuilder block = new BlockBuilder();
    /** The aggregates in the block being filled, each with its last sequence number there. */
    private final Map<String, Long> runs = new HashMap<>();
    private final List<Block> written = new ArrayList<>();
    private final List<BlockRuns> writtenRuns = new ArrayList<>();
    private long nextToken;
    private long newest;

    /**
     * @param unindexed empty; takes what earlier writers did not come to index
     * @param snapshotted empty; takes the aggregates of which there are snapshots
     */
    SqliteWriter(Connection connection, Unindexed unindexed, Snapshotted snapshotted) throws SQLException {
        this.connection = connection;
        this.transaction = new WriteTransaction(connection);
        this.unindexed = unindexed;
        this.snapshotted = snapshotted;
        this.reader = new SqliteReader(connection);
        insertBlock = connection.prepareStatement("INSERT INTO block VALUES (?, ?, ?, ?, ?)");
        insertRun = connection.prepareStatement("INSERT INTO run VALUES (?, ?, ?)");
        updateIndexed = connection.prepareStatement("UPDATE indexed SET last_token = ?");
        insertSnapshot = connection.prepareStatement("INSERT INTO snapshot (aggregate, sequence, bytes) VALUES (?, ?, ?)");
        insertScheduled = connection.prepareStatement("INSERT OR REPLACE INTO scheduled VALUES (?, ?, ?)");
        deleteScheduled = connection.prepareStatement("DELETE FROM scheduled WHERE token = ?");
        selectDue = connection.prepareStatement(
                "SELECT token, bytes FROM scheduled WHERE instant <= ? ORDER BY instant LIMIT " + PUBLISHED_AT_ONCE);
        readUnindexed();
        readSnapshotted();
        startAtTheEnd();
    }

    private void readSnapshotted() throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery("SELECT DISTINCT aggregate FROM snapshot")) {
            while (rows.next()) {
                snapshotted.add(rows.getString(1));
            }
        }
    }

    private void readUnindexed() throws SQLException {
        long last = reader.end().lastToken();
        // past the end the last block would be read, though it is indexed
        for (long seen = reader.lastIndexed(); seen < last;) {
            List<Block> blocks = blocksAfter(seen);
            unindexed.add(blocks.stream().map(BlockRuns::of).toList());
            seen = blocks.get(blocks.size() - 1).lastToken();
        }
    }

    private List<Block> blocksAfter(long token) throws SQLException {
        return reader.blocksFrom(token + 1, Long.MAX_VALUE, BYTES_READ_AT_ONCE);
    }

    private void startAtTheEnd() throws SQLException {
        SqliteReader.End end = reader.end();
        nextToken = end.lastToken() + 1;
        newest = end.newest();
    }

    /** Of all that was written, committed or not yet. */
    long lastToken() {
        return nextToken - 1;
    }

    void append(List<NewEvent> events) throws SQLException {
        transaction.begin();
        Map<String, Long> reached = SequenceCheck.check(events, this::highestSequence);
        for (NewEvent event : events) {
            block.add(event.message());
            nextToken++;
            newest = Math.max(newest, event.instant());
            if (event.belongsToAggregate()) {
                runs.put(event.aggregate(), event.sequence());
            }
            if (block.size() >= EVENTS_IN_BLOCK || block.bytes() >= BYTES_IN_BLOCK) {
                writeBlock();
            }
        }
        known.putAll(reached);
    }

    private long highestSequence(String aggregate) {
        Long last = known.get(aggregate);
        if (last != null) {
            return last;
        }
        long waiting = unindexed.highestSequence(aggregate);
        try {
            return waiting >= 0 ? waiting : reader.highestSequence(aggregate);
        } catch (SQLException e) {
            throw StoreFailedException.reading(e);
        }
    }

    private void writeBlock() throws SQLException {
        if (block.size() == 0) {
            return;
        }
        Block full = block.take(nextToken - block.size());
        insertBlock.setLong(1, full.firstToken());
        insertBlock.setInt(2, full.size());
        insertBlock.setLong(3, newest);
        insertBlock.setInt(4, Checksum.of(full.bytes()));
        insertBlock.setBytes(5, full.bytes());
        insertBlock.executeUpdate();
        written.add(full);
        writtenRuns.add(BlockRuns.of(full, runs));
        runs.clear();
    }

    void appendSnapshot(NewEvent snapshot) throws SQLException {
        transaction.begin();
        long highest = highestSequence(snapshot.aggregate());
        if (snapshot.sequence() > highest) {
            throw new InvalidSequenceException(snapshot.aggregate(), snapshot.sequence(), highest);
        }
        insertSnapshot.setString(1, snapshot.aggregate());
        insertSnapshot.setLong(2, snapshot.sequence());
        insertSnapshot.setBytes(3, snapshot.asSnapshot().message());
        insertSnapshot.executeUpdate();
        snapshotted.add(snapshot.aggregate());
    }

    void schedule(ScheduledEvent scheduled) throws SQLException {
        transaction.begin();
        insertScheduled.setString(1, scheduled.token());
        insertScheduled.setLong(2, scheduled.instant());
        insertScheduled.setBytes(3, scheduled.event().message());
        insertScheduled.executeUpdate();
    }

    void cancel(String scheduleToken) throws SQLException {
        transaction.begin();
        deleteScheduled.setString(1, scheduleToken);
        deleteScheduled.executeUpdate();
    }

    void publishDue(long now) throws SQLException {
        transaction.begin();
        Map<String, NewEvent> due = new LinkedHashMap<>();
        selectDue.setLong(1, now);
        try (ResultSet rows = selectDue.executeQuery()) {
            while (rows.next()) {
                due.put(rows.getString(1), NewEvent.parse(rows.getBytes(2)).at(now));
            }
        }
        InvalidSequenceException refused = null;
        for (Map.Entry<String, NewEvent> event : due.entrySet()) {
            cancel(event.getKey());
            try {
                append(List.of(event.getValue()));
            } catch (InvalidSequenceException e) {
                refused = e;
            }
        }
        if (refused != null) {
            throw refused;
        }
    }

    void clear() throws SQLException {
        rollback();
        transaction.begin();
        try (Statement statement = connection.createStatement()) {
            for (String table : List.of("block", "run", "snapshot", "scheduled")) {
                statement.executeUpdate("DELETE FROM " + table);
            }
        }
        setIndexed(-1);
        transaction.commit();
        unindexed.clear();
        startAtTheEnd();
    }

    /** Puts all that was written since the last commit on disk, and returns its events. Most of them are not in the index yet. */
    List<Block> commit() throws SQLException {
        writeBlock();
        List<BlockRuns> overdue = unindexed.overdue();
        writeRuns(overdue);
        transaction.commit();
        unindexed.add(writtenRuns);
        unindexed.remove(overdue);
        List<Block> committed = List.copyOf(written);
        written.clear();
        writtenRuns.clear();
        forgetEldest();
        return committed;
    }

    private void forgetEldest() {
        Iterator<String> eldest = known.keySet().iterator();
        while (known.size() > KNOWN_AGGREGATES) {
            eldest.next();
            eldest.remove();
        }
    }

    boolean isIndexed() {
        return unindexed.isEmpty();
    }

    /** Brings the index a little further, in a transaction of its own. */
    void index() throws SQLException {
        List<BlockRuns> first = unindexed.first();
        writeRuns(first);
        transaction.commit();
        unindexed.remove(first);
    }

    /** In the order of the table, for what lies on one page to be written together. */
    private void writeRuns(List<BlockRuns> blocks) throws SQLException {
        if (blocks.isEmpty()) {
            return;
        }
        transaction.begin();
        List<Run> sorted = blocks.stream().flatMap(indexed -> indexed.runs().stream())
                .sorted(Comparator.comparing(Run::aggregate).thenComparing(Run::last)).toList();
        for (Run run : sorted) {
            insertRun.setString(1, run.aggregate());
            insertRun.setLong(2, run.last());
            insertRun.setLong(3, run.block());
            insertRun.executeUpdate();
        }
        setIndexed(blocks.get(blocks.size() - 1).lastToken());
    }

    private void setIndexed(long lastToken) throws SQLException {
        updateIndexed.setLong(1, lastToken);
        updateIndexed.executeUpdate();
    }

    void rollback() throws SQLException {
        block.take(0);
        runs.clear();
        written.clear();
        writtenRuns.clear();
        known.clear();
        transaction.rollback();
        startAtTheEnd();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
