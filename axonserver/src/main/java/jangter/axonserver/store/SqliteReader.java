package jangter.axonserver.store;

import jangter.axonserver.store.BlockRuns.Run;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;

/** The store's questions to the database, over a connection of its own; used by one thread at a time. */
final class SqliteReader implements AutoCloseable {

    private static final int BLOCKS_AT_ONCE = 256;

    private final Connection connection;
    private final PreparedStatement blocks;
    private final PreparedStatement block;
    private final PreparedStatement lastBlock;
    private final PreparedStatement blockBefore;
    private final PreparedStatement runs;
    private final PreparedStatement highestSequence;
    private final PreparedStatement lastIndexed;
    private final PreparedStatement snapshots;
    private final PreparedStatement nextDue;

    SqliteReader(Connection connection) throws SQLException {
        this.connection = connection;
        blocks = connection.prepareStatement("SELECT first_token, size, checksum, bytes FROM block "
                + "WHERE first_token >= (SELECT max(first_token) FROM block WHERE first_token <= ?) ORDER BY first_token LIMIT " + BLOCKS_AT_ONCE);
        block = connection.prepareStatement("SELECT first_token, size, checksum, bytes FROM block WHERE first_token = ?");
        lastBlock = connection.prepareStatement("SELECT first_token, size, newest FROM block ORDER BY first_token DESC LIMIT 1");
        blockBefore = connection.prepareStatement(
                "SELECT first_token, size, newest FROM block WHERE first_token <= ? ORDER BY first_token DESC LIMIT 1");
        runs = connection.prepareStatement("SELECT b.first_token, b.size, b.checksum, b.bytes, r.last "
                + "FROM run r JOIN block b ON b.first_token = r.block WHERE r.aggregate = ? AND r.last >= ? AND r.last < ? ORDER BY r.last");
        highestSequence = connection.prepareStatement("SELECT max(last) FROM run WHERE aggregate = ?");
        lastIndexed = connection.prepareStatement("SELECT last_token FROM indexed");
        snapshots = connection.prepareStatement("SELECT sequence, bytes FROM snapshot "
                + "WHERE aggregate = ? AND sequence BETWEEN ? AND ? ORDER BY position DESC LIMIT ?");
        nextDue = connection.prepareStatement("SELECT min(instant) FROM scheduled");
    }

    /** @param last the last block's last token; what lies beyond it may not be confirmed yet */
    List<Block> blocksFrom(long token, long last, int maxBytes) throws SQLException {
        blocks.setLong(1, token);
        List<Block> found = new ArrayList<>();
        int size = 0;
        try (ResultSet rows = blocks.executeQuery()) {
            while (size < maxBytes && rows.next()) {
                Block block = block(rows);
                if (block.lastToken() > last) {
                    break;
                }
                if (block.lastToken() >= token) {
                    found.add(block);
                    size += block.bytes().length;
                }
            }
        }
        return found;
    }

    /** @param unindexed what {@link Unindexed#of} gave before; of the table only what lies before it is asked for */
    List<StoredEvent> aggregate(String aggregate, long sequence, List<Run> unindexed, int maxBytes) throws SQLException {
        List<StoredEvent> page = new ArrayList<>();
        runs.setString(1, aggregate);
        runs.setLong(2, sequence);
        runs.setLong(3, unindexed.isEmpty() ? Long.MAX_VALUE : unindexed.get(0).last());
        int size = 0;
        try (ResultSet rows = runs.executeQuery()) {
            while (size < maxBytes && rows.next()) {
                size += add(block(rows).of(aggregate, sequence), page);
            }
        }
        for (Iterator<Run> rest = unindexed.iterator(); size < maxBytes && rest.hasNext(); ) {
            size += add(eventsOf(rest.next(), sequence), page);
        }
        return page;
    }

    /** Empty where the store was cleared meanwhile. */
    private List<StoredEvent> eventsOf(Run run, long sequence) throws SQLException {
        block.setLong(1, run.block());
        try (ResultSet row = block.executeQuery()) {
            return row.next() ? block(row).of(run.aggregate(), sequence) : List.of();
        }
    }

    private static int add(List<StoredEvent> events, List<StoredEvent> page) {
        page.addAll(events);
        return events.stream().mapToInt(StoredEvent::length).sum();
    }

    private static Block block(ResultSet row) throws SQLException {
        byte[] bytes = row.getBytes(4);
        long firstToken = row.getLong(1);
        if (row.getInt(3) != Checksum.of(bytes)) {
            throw new SQLException("the events from token %d on are damaged".formatted(firstToken));
        }
        return new Block(firstToken, row.getInt(2), bytes);
    }

    /** Where the store ends: the last block, without its events. */
    End end() throws SQLException {
        try (ResultSet row = lastBlock.executeQuery()) {
            return row.next() ? new End(row.getLong(1) + row.getLong(2) - 1, row.getLong(3)) : new End(-1, Long.MIN_VALUE);
        }
    }

    /**
     * @param lastToken -1 in an empty store
     * @param newest    the latest date of any event
     */
    record End(long lastToken, long newest) {
    }

    /**
     * Each block knows the latest date of all events so far, which only grows: so the first block that reaches the instant is
     * found by halving, and holds the first event dated at it or later.
     */
    long tokenAt(long instant, long lastToken) throws SQLException {
        long low = 0;
        long high = lastToken + 1;
        while (low < high) {
            long middle = (low + high) >>> 1;
            blockBefore.setLong(1, middle);
            try (ResultSet row = blockBefore.executeQuery()) {
                row.next();
                if (row.getLong(3) >= instant) {
                    high = row.getLong(1);
                } else {
                    low = row.getLong(1) + row.getLong(2);
                }
            }
        }
        if (low > lastToken) {
            return lastToken + 1;
        }
        Block block = blocksFrom(low, lastToken, 1).get(0);
        for (StoredEvent event : block.from(low)) {
            if (NewEvent.parse(event.buffer(), event.offset(), event.length()).instant() >= instant) {
                return event.position();
            }
        }
        throw new SQLException("the dates from token %d on are damaged".formatted(low));
    }

    /** Up to which token {@link #aggregate} and {@link #highestSequence} find everything in the table. */
    long lastIndexed() throws SQLException {
        try (ResultSet row = lastIndexed.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** As far as the index is written; -1 for an unknown aggregate. */
    long highestSequence(String aggregate) throws SQLException {
        highestSequence.setString(1, aggregate);
        try (ResultSet row = highestSequence.executeQuery()) {
            row.next();
            long last = row.getLong(1);
            return row.wasNull() ? -1 : last;
        }
    }

    List<StoredEvent> snapshots(String aggregate, long from, long to, int limit) throws SQLException {
        snapshots.setString(1, aggregate);
        snapshots.setLong(2, from);
        snapshots.setLong(3, to);
        snapshots.setInt(4, limit);
        List<StoredEvent> found = new ArrayList<>();
        try (ResultSet rows = snapshots.executeQuery()) {
            while (rows.next()) {
                found.add(StoredEvent.of(rows.getLong(1), rows.getBytes(2)));
            }
        }
        return found;
    }

    OptionalLong nextDue() throws SQLException {
        try (ResultSet row = nextDue.executeQuery()) {
            row.next();
            long instant = row.getLong(1);
            return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(instant);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
