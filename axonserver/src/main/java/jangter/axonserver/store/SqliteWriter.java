package jangter.axonserver.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
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
    private static final int KNOWN_AGGREGATES = 100_000;
    private static final int PUBLISHED_AT_ONCE = 1_000;

    private final Connection connection;
    private final SqliteReader reader;
    private final PreparedStatement insertBlock;
    private final PreparedStatement insertRun;
    private final PreparedStatement insertSnapshot;
    private final PreparedStatement insertScheduled;
    private final PreparedStatement deleteScheduled;
    private final PreparedStatement selectDue;

    private final Map<String, Long> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > KNOWN_AGGREGATES;
        }
    };
    private final BlockBuilder block = new BlockBuilder();
    /** The aggregates in the block being filled, each with its last sequence number there. */
    private final Map<String, Long> runs = new HashMap<>();
    private final List<Block> written = new ArrayList<>();
    private long nextToken;
    private long newest;

    SqliteWriter(Connection connection) throws SQLException {
        this.connection = connection;
        this.reader = new SqliteReader(connection);
        insertBlock = connection.prepareStatement("INSERT INTO block VALUES (?, ?, ?, ?, ?)");
        insertRun = connection.prepareStatement("INSERT INTO run VALUES (?, ?, ?)");
        insertSnapshot = connection.prepareStatement("INSERT INTO snapshot (aggregate, sequence, bytes) VALUES (?, ?, ?)");
        insertScheduled = connection.prepareStatement("INSERT OR REPLACE INTO scheduled VALUES (?, ?, ?)");
        deleteScheduled = connection.prepareStatement("DELETE FROM scheduled WHERE token = ?");
        selectDue = connection.prepareStatement(
                "SELECT token, bytes FROM scheduled WHERE instant <= ? ORDER BY instant LIMIT " + PUBLISHED_AT_ONCE);
        startAtTheEnd();
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

    void append(List<NewEvent> transaction) throws SQLException {
        Map<String, Long> reached = SequenceCheck.check(transaction, this::highestSequence);
        for (NewEvent event : transaction) {
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
        try {
            return reader.highestSequence(aggregate);
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
        for (Map.Entry<String, Long> run : runs.entrySet()) {
            insertRun.setString(1, run.getKey());
            insertRun.setLong(2, run.getValue());
            insertRun.setLong(3, full.firstToken());
            insertRun.executeUpdate();
        }
        runs.clear();
        written.add(full);
    }

    void appendSnapshot(NewEvent snapshot) throws SQLException {
        long highest = highestSequence(snapshot.aggregate());
        if (snapshot.sequence() > highest) {
            throw new InvalidSequenceException(snapshot.aggregate(), snapshot.sequence(), highest);
        }
        insertSnapshot.setString(1, snapshot.aggregate());
        insertSnapshot.setLong(2, snapshot.sequence());
        insertSnapshot.setBytes(3, snapshot.asSnapshot().message());
        insertSnapshot.executeUpdate();
    }

    void schedule(ScheduledEvent scheduled) throws SQLException {
        insertScheduled.setString(1, scheduled.token());
        insertScheduled.setLong(2, scheduled.instant());
        insertScheduled.setBytes(3, scheduled.event().message());
        insertScheduled.executeUpdate();
    }

    void cancel(String scheduleToken) throws SQLException {
        deleteScheduled.setString(1, scheduleToken);
        deleteScheduled.executeUpdate();
    }

    void publishDue(long now) throws SQLException {
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
        try (Statement statement = connection.createStatement()) {
            for (String table : List.of("block", "run", "snapshot", "scheduled")) {
                statement.executeUpdate("DELETE FROM " + table);
            }
        }
        connection.commit();
        startAtTheEnd();
    }

    /** Puts all that was written since the last commit on disk, and returns its events. */
    List<Block> commit() throws SQLException {
        writeBlock();
        connection.commit();
        List<Block> committed = List.copyOf(written);
        written.clear();
        return committed;
    }

    void rollback() throws SQLException {
        block.take(0);
        runs.clear();
        written.clear();
        known.clear();
        connection.rollback();
        startAtTheEnd();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
