package jangter.axonserver.store;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SqliteEventStoreTest extends EventStoreContract {

    @TempDir
    Path folder;

    @Override
    EventStore open() {
        return SqliteEventStore.open(folder);
    }

    private void reopen() {
        store.close();
        store = open();
    }

    @Test
    void everything_is_there_again_after_a_restart() {
        append(event("order-1", 0), event("order-1", 1));
        store.appendSnapshot(event("order-1", 1)).join();
        store.schedule(new ScheduledEvent("a", NOON, event("", 0))).join();

        reopen();

        assertThat(tokensFrom(0)).containsExactly(0L, 1L);
        assertThat(sequences("order-1", 0)).containsExactly(0L, 1L);
        assertThat(store.readSnapshots("order-1", 0, 1, 1)).hasSize(1);
        assertThat(store.nextDue()).hasValue(NOON);
        append(event("order-1", 2));
        assertThat(store.lastToken()).isEqualTo(2);
    }

    @Test
    void a_date_is_found_among_many_blocks() {
        List<CompletableFuture<Void>> writes = IntStream.range(0, 2_000)
                .mapToObj(i -> store.append(List.of(dated("order-1", i, NOON + i)))).toList();
        writes.forEach(CompletableFuture::join);
        reopen();

        for (int i = 0; i < 2_000; i += 7) {
            assertThat(store.tokenAt(NOON + i)).isEqualTo(i);
        }
    }

    @Test
    void a_reader_goes_on_from_the_disk_to_what_is_still_in_memory() {
        append(IntStream.range(0, 1_000).mapToObj(i -> event("order-1", i)).toArray(NewEvent[]::new));
        reopen();
        append(IntStream.range(1_000, 2_000).mapToObj(i -> event("order-1", i)).toArray(NewEvent[]::new));

        assertThat(tokensFrom(0)).containsExactlyElementsOf(numbers(0, 2_000));
        assertThat(tokensFrom(999)).containsExactlyElementsOf(numbers(999, 2_000));
    }

    /** The file was written by the first version of this format: two events and a snapshot of order-1, one scheduled event. */
    @Test
    void an_old_file_opens() throws Exception {
        Path old = Files.createDirectory(folder.resolve("old"));
        try (InputStream file = SqliteEventStoreTest.class.getResourceAsStream("/format-1.db")) {
            Files.copy(file, old.resolve("events.db"));
        }
        store.close();
        store = SqliteEventStore.open(old);

        assertThat(sequences("order-1", 0)).containsExactly(0L, 1L);
        assertThat(tokensFrom(0)).containsExactly(0L, 1L);
        assertThat(store.readSnapshots("order-1", 0, 1, 10)).hasSize(1);
        assertThat(store.nextDue()).hasValue(NOON);
        append(event("order-1", 2));
        assertThat(sequences("order-1", 2)).containsExactly(2L);
    }

    /** Killing the process does not show it, since the operating system keeps what was written: only the setting does. */
    @Test
    void commits_are_synced() throws Exception {
        try (SqliteFile file = SqliteFile.open(folder.resolve("other")); Connection connection = file.connectForWriting();
             Statement statement = connection.createStatement()) {
            assertThat(statement.executeQuery("PRAGMA synchronous").getInt(1)).as("FULL").isEqualTo(2);
            assertThat(statement.executeQuery("PRAGMA journal_mode").getString(1)).isEqualTo("wal");
        }
    }

    @Test
    void a_folder_in_use_is_refused() {
        assertThatThrownBy(this::open).isInstanceOf(UnusableFolderException.class).hasMessageContaining("Another server is using the folder");
    }

    @Test
    void a_file_that_is_no_database_is_refused_and_left_alone() throws Exception {
        store.close();
        Path foreign = Files.createDirectory(folder.resolve("foreign"));
        Files.writeString(foreign.resolve("events.db"), "my diary, page one. ".repeat(50));

        assertThatThrownBy(() -> SqliteEventStore.open(foreign)).isInstanceOf(UnusableFolderException.class)
                .hasMessageContaining("is not an event store");

        assertThat(foreign.resolve("events.db")).hasContent("my diary, page one. ".repeat(50));
    }

    @Test
    void another_programs_database_is_refused() throws Exception {
        Path foreign = Files.createDirectory(folder.resolve("foreign"));
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + foreign.resolve("events.db"));
             Statement statement = connection.createStatement()) {
            statement.executeUpdate("CREATE TABLE block (first_token INTEGER PRIMARY KEY)");
        }

        assertThatThrownBy(() -> SqliteEventStore.open(foreign)).isInstanceOf(UnusableFolderException.class)
                .hasMessageContaining("not an event store of this server");
    }

    @Test
    void a_later_versions_file_is_refused() throws Exception {
        store.close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("events.db"));
             Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }

        assertThatThrownBy(this::open).isInstanceOf(UnusableFolderException.class).hasMessageContaining("later version");
    }

    @Test
    void a_file_cut_short_is_refused() throws Exception {
        append(IntStream.range(0, 5_000).mapToObj(i -> event("order-1", i)).toArray(NewEvent[]::new));
        store.close();
        try (RandomAccessFile file = new RandomAccessFile(folder.resolve("events.db").toFile(), "rw")) {
            file.setLength(file.length() / 2);
        }

        assertThatThrownBy(this::open).isInstanceOf(UnusableFolderException.class).hasMessageContaining("damaged");
    }

    @Test
    void damaged_events_are_not_given_out() throws Exception {
        append(IntStream.range(0, 5_000).mapToObj(i -> event("order-" + i, 0)).toArray(NewEvent[]::new));
        store.close();
        byte[] file = Files.readAllBytes(folder.resolve("events.db"));
        int at = new String(file, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("order-2500/0");
        file[at + 3]++;
        Files.write(folder.resolve("events.db"), file);
        store = open();

        assertThatThrownBy(() -> tokensFrom(0)).isInstanceOf(StoreFailedException.class).hasMessageContaining("damaged");
    }

    @Test
    void a_folder_that_cannot_be_made_is_refused() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> SqliteEventStore.open(file.resolve("data"))).isInstanceOf(UnusableFolderException.class)
                .hasMessageContaining("Cannot write to the folder");
    }

    @Test
    void writes_to_a_closed_store_fail() {
        store.close();

        assertThatThrownBy(() -> store.append(List.of(event("order-1", 0))).join()).hasCauseInstanceOf(StoreFailedException.class);
    }
}
