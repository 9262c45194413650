package jangter.axonserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteTransactionTest {

    @TempDir
    Path folder;
    private SqliteFile file;
    private Connection connection;
    private Connection another;
    private WriteTransaction transaction;

    @BeforeEach
    void open() throws SQLException {
        file = SqliteFile.open(folder);
        connection = file.connectForWriting();
        another = file.connectForWriting();
        transaction = new WriteTransaction(connection);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        another.close();
        file.close();
    }

    private static void write(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE indexed SET last_token = last_token + 1");
        }
    }

    private static long read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery("SELECT last_token FROM indexed")) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void one_that_has_read_first_waits_for_who_writes_at_that_moment() throws Exception {
        WriteTransaction other = new WriteTransaction(another);
        other.begin();
        write(another);
        CompletableFuture<Long> written = CompletableFuture.supplyAsync(() -> {
            try {
                transaction.begin();
                long before = read(connection);
                write(connection);
                transaction.commit();
                return before;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });

        other.commit();

        assertThat(written.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(read(another)).isEqualTo(1);
    }

    @Test
    void what_is_rolled_back_was_never_written_and_one_that_failed_altogether_is_over() throws Exception {
        transaction.begin();
        write(connection);
        transaction.rollback();
        assertThat(read(another)).isEqualTo(-1);

        transaction.begin();
        try (Statement statement = connection.createStatement()) {
            // as a full disk does
            statement.execute("CREATE TEMP TRIGGER full BEFORE UPDATE ON indexed BEGIN SELECT RAISE(ROLLBACK, 'the disk is full'); END");
        }
        assertThatThrownBy(() -> write(connection)).hasMessageContaining("the disk is full");
        transaction.rollback();

        transaction.begin();
        transaction.commit();
        transaction.commit();
        assertThat(read(another)).isEqualTo(-1);
    }
}
