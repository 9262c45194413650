package jangter.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteAheadLogTest {

    @TempDir
    Path running;

    @TempDir
    Path dead;

    @Test
    void what_was_complete_stays_and_what_came_later_is_lost_with_the_power() throws SQLException, IOException {
        try (Connection connection = open(running); Statement statement = connection.createStatement()) {
            statement.executeUpdate("CREATE TABLE event (name TEXT)");
            statement.executeUpdate("INSERT INTO event VALUES ('confirmed')");
            WriteAheadLog confirmed = WriteAheadLog.in(running);
            statement.executeUpdate("INSERT INTO event VALUES ('unheard')");
            asKilled();

            long lost = new WriteAheadLog(dead.resolve("events.db-wal"), confirmed.pageSize(), confirmed.salts(), confirmed.end()).cutTail(new Random(1));

            assertThat(lost).isPositive();
            assertThat(events()).isEqualTo("confirmed");
        }
    }

    @Test
    void a_torn_tail_loses_nothing_that_was_complete() throws SQLException, IOException {
        try (Connection connection = open(running); Statement statement = connection.createStatement()) {
            statement.executeUpdate("CREATE TABLE event (name TEXT)");
            statement.executeUpdate("INSERT INTO event VALUES ('confirmed')");
            asKilled();

            assertThat(WriteAheadLog.in(dead).cutTail(new Random(1))).isZero();

            assertThat(events()).isEqualTo("confirmed");
        }
    }

    /** What a process that dies now leaves on disk. */
    private void asKilled() throws IOException {
        for (String file : new String[] {"events.db", "events.db-wal", "events.db-shm"}) {
            Files.copy(running.resolve(file), dead.resolve(file));
        }
    }

    private String events() throws SQLException {
        try (Connection connection = open(dead); Statement statement = connection.createStatement();
                ResultSet names = statement.executeQuery("SELECT group_concat(name) FROM event")) {
            names.next();
            return names.getString(1);
        }
    }

    private static Connection open(Path folder) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("events.db"));
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
        }
        return connection;
    }
}
