package jangter.axonserver.store;

import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The database file in its folder: locked against a second process, known to be ours and to be whole before anything is
 * written to it.
 */
final class SqliteFile implements AutoCloseable {

    private static final String MAGIC = "SQLite format 3\0";
    /** "JANG": tells our files from any other SQLite file. */
    private static final int APPLICATION_ID = 0x4a414e47;
    private static final int FORMAT = 2;

    private static final String[] FORMAT_1 = {
            // newest is the latest date among all events up to the end of the block: it only grows, so dates can be searched by token
            "CREATE TABLE block (first_token INTEGER PRIMARY KEY, size INTEGER NOT NULL, newest INTEGER NOT NULL, "
                    + "checksum INTEGER NOT NULL, bytes BLOB NOT NULL)",
            "CREATE TABLE run (aggregate TEXT NOT NULL, last INTEGER NOT NULL, block INTEGER NOT NULL, "
                    + "PRIMARY KEY (aggregate, last)) WITHOUT ROWID",
            "CREATE TABLE snapshot (position INTEGER PRIMARY KEY, aggregate TEXT NOT NULL, sequence INTEGER NOT NULL, bytes BLOB NOT NULL)",
            "CREATE INDEX snapshot_of_aggregate ON snapshot (aggregate, position)",
            "CREATE TABLE scheduled (token TEXT PRIMARY KEY, instant INTEGER NOT NULL, bytes BLOB NOT NULL) WITHOUT ROWID",
            "CREATE INDEX scheduled_instant ON scheduled (instant)",
            "PRAGMA application_id = " + APPLICATION_ID,
            "PRAGMA user_version = 1"
    };

    /** Blocks after that token are not in the table run yet. In format 1 all were. */
    private static final String[] FORMAT_2 = {
            "CREATE TABLE indexed (last_token INTEGER NOT NULL)",
            "INSERT INTO indexed SELECT coalesce((SELECT first_token + size - 1 FROM block ORDER BY first_token DESC LIMIT 1), -1)",
            "PRAGMA user_version = 2"
    };

    private final Path file;
    private final FileChannel lock;

    private SqliteFile(Path file, FileChannel lock) {
        this.file = file;
        this.lock = lock;
    }

    static SqliteFile open(Path folder) {
        Path file = folder.resolve("events.db");
        FileChannel lock = lock(folder);
        try {
            SqliteFile opened = new SqliteFile(file, lock);
            opened.checkHeader();
            opened.prepare();
            return opened;
        } catch (IOException e) {
            release(lock);
            throw new UnusableFolderException("Cannot read %s (%s). Make it readable, or choose another folder."
                    .formatted(file, e.getMessage()), e);
        } catch (SQLException e) {
            release(lock);
            throw damaged(file, e.getMessage(), e);
        } catch (UnusableFolderException e) {
            release(lock);
            throw e;
        }
    }

    private static FileChannel lock(Path folder) {
        FileChannel channel;
        try {
            Files.createDirectories(folder);
            channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UnusableFolderException("Cannot write to the folder %s (%s). Make it writable, or choose another folder."
                    .formatted(folder, e.toString()), e);
        }
        try {
            FileLock held = channel.tryLock();
            if (held != null) {
                return channel;
            }
        } catch (IOException | OverlappingFileLockException e) {
            release(channel);
            throw inUse(folder);
        }
        release(channel);
        throw inUse(folder);
    }

    private static UnusableFolderException inUse(Path folder) {
        return new UnusableFolderException(
                "Another server is using the folder %s. Stop it, or choose another folder.".formatted(folder));
    }

    UnusableFolderException damaged(SQLException cause) {
        return damaged(file, cause.getMessage(), cause);
    }

    private static UnusableFolderException damaged(Path file, String what, Throwable cause) {
        return new UnusableFolderException(("%s is damaged (%s). Put back a copy, or move it away with its -wal and -shm files "
                + "to start with an empty store.").formatted(file, what), cause);
    }

    private static UnusableFolderException foreign(Path file, String what) {
        return new UnusableFolderException("%s %s. Move it away, or choose another folder.".formatted(file, what));
    }

    /** SQLite itself would take an empty or short file for a new database, and must not touch a file that is not ours. */
    private void checkHeader() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        ByteBuffer header = ByteBuffer.allocate(100);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (header.hasRemaining() && channel.read(header) >= 0) {
                continue;
            }
            if (header.position() == 0) {
                // a process that was killed before its first commit leaves an empty file
                return;
            }
            if (header.hasRemaining() || !MAGIC.equals(new String(header.array(), 0, 16, StandardCharsets.US_ASCII))) {
                throw foreign(file, "is not an event store");
            }
            int pageSize = header.getShort(16) & 0xffff;
            long pages = header.getInt(28) & 0xffff_ffffL;
            if (channel.size() < pages * pageSize && !Files.exists(Path.of(file + "-wal"))) {
                throw damaged(file, "it ends too early", null);
            }
        }
        if (header.getInt(68) == 0 && Files.exists(Path.of(file + "-wal"))) {
            // its first commits are still in the log only; prepare() looks at it again
            return;
        }
        checkIdentity(header.getInt(68), header.getInt(60));
    }

    private void checkIdentity(int applicationId, int format) {
        if (applicationId != APPLICATION_ID) {
            throw foreign(file, "is a SQLite database, but not an event store of this server");
        }
        if (format > FORMAT) {
            throw foreign(file, "was written by a later version of this server (format %d, known are up to %d)".formatted(format, FORMAT));
        }
    }

    private void prepare() throws SQLException {
        try (Connection connection = connectForWriting(); Statement statement = connection.createStatement()) {
            WriteTransaction transaction = new WriteTransaction(connection);
            transaction.begin();
            if (number(statement, "SELECT count(*) FROM sqlite_master") == 0) {
                execute(statement, FORMAT_1);
            }
            int format = (int) number(statement, "PRAGMA user_version");
            checkIdentity((int) number(statement, "PRAGMA application_id"), format);
            number(statement, "SELECT count(*) FROM (SELECT first_token, size, newest, checksum, bytes FROM block ORDER BY first_token DESC LIMIT 1)");
            number(statement, "SELECT count(*) FROM (SELECT aggregate, last, block FROM run LIMIT 1)");
            number(statement, "SELECT count(*) FROM (SELECT position, aggregate, sequence, bytes FROM snapshot LIMIT 1)");
            number(statement, "SELECT count(*) FROM (SELECT token, instant, bytes FROM scheduled LIMIT 1)");
            if (format == 1) {
                execute(statement, FORMAT_2);
            }
            checkIndexed(statement);
            transaction.commit();
        }
    }

    private static void execute(Statement statement, String[] definitions) throws SQLException {
        for (String definition : definitions) {
            statement.executeUpdate(definition);
        }
    }

    /** What it says must be the end of a block, or the aggregates' events would be sought in the wrong place without any sign. */
    private static void checkIndexed(Statement statement) throws SQLException {
        long ends = number(statement, "SELECT count(*) FROM indexed WHERE last_token = coalesce("
                + "(SELECT first_token + size - 1 FROM block WHERE first_token <= last_token ORDER BY first_token DESC LIMIT 1), -1)");
        if (ends != 1 || number(statement, "SELECT count(*) FROM indexed") != 1) {
            throw new SQLException("it does not tell how far its index goes");
        }
    }

    private static long number(Statement statement, String query) throws SQLException {
        try (ResultSet result = statement.executeQuery(query)) {
            return result.next() ? result.getLong(1) : 0;
        }
    }

    Connection connectForWriting() throws SQLException {
        return connect(SynchronousMode.FULL);
    }

    Connection connectForReading() throws SQLException {
        return connect(SynchronousMode.NORMAL);
    }

    private Connection connect(SynchronousMode synchronous) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(synchronous);
        config.setBusyTimeout(10_000);
        config.setCacheSize(-16_384);
        // nobody asks for them, and the driver would look each up by a query
        config.setGetGeneratedKeys(false);
        return config.createConnection("jdbc:sqlite:" + file);
    }

    @Override
    public void close() {
        release(lock);
    }

    private static void release(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw StoreFailedException.writing(e);
        }
    }
}
