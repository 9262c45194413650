package jangter.axonserver.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * A connection's transactions that may write, each of which takes the right to write before it reads anything. The driver's own begin by reading, and when
 * they come to write they do not wait: a reader that comes upon a commit half told holds that right for a moment, and the write would fail.
 */
final class WriteTransaction {

    private static final String NONE_ACTIVE = "no transaction is active";

    private final PreparedStatement begin;
    private final PreparedStatement commit;
    private final PreparedStatement rollback;
    private boolean isOpen;

    /** @param connection commits each statement by itself until a transaction is begun */
    WriteTransaction(Connection connection) throws SQLException {
        begin = connection.prepareStatement("BEGIN IMMEDIATE");
        commit = connection.prepareStatement("COMMIT");
        rollback = connection.prepareStatement("ROLLBACK");
    }

    /** What follows belongs to it, until it ends. Nothing happens if it has begun already. */
    void begin() throws SQLException {
        if (!isOpen) {
            begin.execute();
            isOpen = true;
        }
    }

    void commit() throws SQLException {
        if (isOpen) {
            commit.execute();
            isOpen = false;
        }
    }

    void rollback() throws SQLException {
        if (!isOpen) {
            return;
        }
        isOpen = false;
        try {
            rollback.execute();
        } catch (SQLException e) {
            // a full disk, for one, has rolled it back already
            if (!String.valueOf(e.getMessage()).contains(NONE_ACTIVE)) {
                throw e;
            }
        }
    }
}
