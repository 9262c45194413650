package jangter.axonserver.store;

import jangter.axonserver.store.BlockRuns.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class SqliteEventStoreTest extends EventStoreContract {

    private static final Duration NEVER = Duration.ofDays(1);

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

    /** @param quiet how long nothing must come before the index is written */
    private void reopen(Duration quiet) {
        store.close();
        store = SqliteEventStore.open(folder, quiet);
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
            statement.execute("PRAGMA user_version = 3");
        }

        assertThatThrownBy(this::open).isInstanceOf(UnusableFolderException.class)
                .hasMessageContaining("later version of this server (format 3, known are up to 2)");
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
        reopen(Duration.ZERO);
        append(IntStream.range(0, 5_000).mapToObj(i -> event("order-" + i, 0)).toArray(NewEvent[]::new));
        awaitIndexed();
        store.close();
        damage("order-2500/0");
        store = open();

        assertThatThrownBy(() -> tokensFrom(0)).isInstanceOf(StoreFailedException.class).hasMessageContaining("damaged");
        assertThatThrownBy(() -> sequences("order-2500", 0)).isInstanceOf(StoreFailedException.class).hasMessageContaining("damaged");
    }

    @Test
    void from_damaged_events_no_index_is_made() throws Exception {
        reopen(NEVER);
        append(IntStream.range(0, 5_000).mapToObj(i -> event("order-" + i, 0)).toArray(NewEvent[]::new));
        store.close();
        damage("order-2500/0");

        assertThatThrownBy(this::open).isInstanceOf(UnusableFolderException.class).hasMessageContaining("is damaged (the events from token");
    }

    private void damage(String text) throws IOException {
        byte[] file = Files.readAllBytes(folder.resolve("events.db"));
        int at = new String(file, StandardCharsets.ISO_8859_1).indexOf(text);
        file[at + 3]++;
        Files.write(folder.resolve("events.db"), file);
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

    @Test
    void an_aggregate_is_read_before_and_after_it_is_indexed() throws Exception {
        reopen(NEVER);
        appendRounds(0, 4);
        assertThat(number("SELECT count(*) FROM run")).isZero();
        assertRounds(4);

        reopen(Duration.ZERO);
        awaitIndexed();

        assertThat(number("SELECT count(*) FROM run")).isEqualTo(4_000);
        assertRounds(4);
        appendRounds(4, 5);
        assertRounds(5);
    }

    @Test
    void aggregates_are_read_whole_while_others_write_and_index_them() throws Exception {
        reopen(Duration.ZERO);
        Map<String, Long> confirmed = new ConcurrentHashMap<>();
        List<CompletableFuture<Void>> writers = IntStream.range(0, 4).mapToObj(writer -> inParallel(() -> {
            for (int sequence = 0; sequence < 10; sequence++) {
                for (int i = 0; i < 250; i++) {
                    String aggregate = "order-" + writer + "-" + i;
                    append(event(aggregate, sequence));
                    confirmed.put(aggregate, (long) sequence);
                }
            }
        })).toList();
        List<CompletableFuture<Void>> readers = IntStream.range(0, 4).mapToObj(reader -> inParallel(() -> {
            while (writers.stream().anyMatch(writer -> !writer.isDone())) {
                confirmed.forEach(this::assertReadable);
            }
        })).toList();

        CompletableFuture.allOf(writers.toArray(CompletableFuture[]::new)).join();
        CompletableFuture.allOf(readers.toArray(CompletableFuture[]::new)).join();

        assertThat(confirmed).hasSize(1_000);
        confirmed.forEach(this::assertReadable);
        awaitIndexed();
        confirmed.forEach(this::assertReadable);
        assertThat(tokensFrom(0)).hasSize(10_000);
    }

    /** Others may have appended more meanwhile, but never leave a gap. */
    private void assertReadable(String aggregate, long confirmed) {
        List<Long> sequences = sequences(aggregate, 0);
        assertThat(sequences).hasSizeGreaterThan((int) confirmed).containsExactlyElementsOf(numbers(0, sequences.size()));
        assertThat(store.highestSequence(aggregate)).isGreaterThanOrEqualTo(sequences.size() - 1L);
        assertThat(sequences(aggregate, confirmed)).startsWith(confirmed);
    }

    private static CompletableFuture<Void> inParallel(Runnable task) {
        return CompletableFuture.runAsync(task, thread -> new Thread(thread).start());
    }

    @Test
    void a_store_that_was_closed_or_killed_half_indexed_goes_on_where_it_was() throws Exception {
        Path closed = folder.resolve("closed");
        Path killed = Files.createDirectory(folder.resolve("killed"));
        try (SqliteFile file = SqliteFile.open(closed); SqliteWriter writer = new SqliteWriter(file.connectForWriting(), new Unindexed(), new Snapshotted())) {
            for (int sequence = 0; sequence < 4; sequence++) {
                writer.append(round(sequence));
            }
            writer.commit();
            writer.index();
            copyStore(closed, killed);
        }
        for (Path half : List.of(closed, killed)) {
            store.close();
            assertThat(number(half, "SELECT count(*) FROM run")).isBetween(1_000L, 2_000L);
            store = SqliteEventStore.open(half, NEVER);
            assertRounds(4);
            assertThatThrownBy(() -> append(event("order-7", 3))).hasRootCauseMessage("Invalid sequence number 3 for aggregate order-7, expected 4");
            appendRounds(4, 5);
            assertRounds(5);

            store.close();
            store = SqliteEventStore.open(half, Duration.ZERO);
            awaitIndexed(half);
            assertThat(number(half, "SELECT count(*) FROM run")).isEqualTo(5_000);
            assertRounds(5);
        }
    }

    @Test
    void events_that_were_shown_are_found_by_aggregate_too() throws Exception {
        try (SqliteFile file = SqliteFile.open(folder.resolve("other"));
             SqliteWriter writer = new SqliteWriter(file.connectForWriting(), new Unindexed(), new Snapshotted());
             SqliteReader reader = new SqliteReader(file.connectForReading())) {
            writer.append(List.of(event("order-1", 0)));
            writer.commit();
            writer.append(List.of(event("order-1", 1)));
            writer.commit();

            assertThat(reader.blocksFrom(0, 0, 10_000)).as("the second commit is not confirmed yet").extracting(Block::lastToken).containsExactly(0L);
        }
    }

    @Test
    void a_file_of_format_1_is_upgraded() throws Exception {
        Path old = Files.createDirectory(folder.resolve("old"));
        writeFormat1(old, List.of(event("order-1", 0), event("order-2", 0), event("order-1", 1)), List.of(event("order-1", 2), event("order-3", 0)));
        store.close();
        store = SqliteEventStore.open(old, NEVER);

        assertThat(number(old, "PRAGMA user_version")).isEqualTo(2);
        assertThat(number(old, "SELECT last_token FROM indexed")).as("all of it is indexed").isEqualTo(4);
        assertThat(tokensFrom(0)).containsExactlyElementsOf(numbers(0, 5));
        assertThat(sequences("order-1", 0)).containsExactly(0L, 1L, 2L);
        assertThat(store.highestSequence("order-3")).isZero();
        append(event("order-1", 3));
        assertThat(sequences("order-1", 1)).containsExactly(1L, 2L, 3L);

        store.close();
        store = SqliteEventStore.open(old, Duration.ZERO);
        awaitIndexed(old);
        assertThat(sequences("order-1", 0)).containsExactly(0L, 1L, 2L, 3L);
        assertThat(number(old, "SELECT count(*) FROM run")).isEqualTo(5);
    }

    @Test
    void an_empty_file_of_format_1_is_upgraded() throws Exception {
        Path old = Files.createDirectory(folder.resolve("old"));
        writeFormat1(old);
        store.close();
        store = SqliteEventStore.open(old, NEVER);

        append(event("order-1", 0));

        assertThat(sequences("order-1", 0)).containsExactly(0L);
        assertThat(number(old, "SELECT last_token FROM indexed")).isEqualTo(-1);
    }

    @SafeVarargs
    private static void writeFormat1(Path folder, List<NewEvent>... blocks) throws SQLException {
        try (Connection connection = connect(folder); Statement statement = connection.createStatement()) {
            for (String definition : List.of(
                    "CREATE TABLE block (first_token INTEGER PRIMARY KEY, size INTEGER NOT NULL, newest INTEGER NOT NULL, "
                            + "checksum INTEGER NOT NULL, bytes BLOB NOT NULL)",
                    "CREATE TABLE run (aggregate TEXT NOT NULL, last INTEGER NOT NULL, block INTEGER NOT NULL, "
                            + "PRIMARY KEY (aggregate, last)) WITHOUT ROWID",
                    "CREATE TABLE snapshot (position INTEGER PRIMARY KEY, aggregate TEXT NOT NULL, sequence INTEGER NOT NULL, bytes BLOB NOT NULL)",
                    "CREATE INDEX snapshot_of_aggregate ON snapshot (aggregate, position)",
                    "CREATE TABLE scheduled (token TEXT PRIMARY KEY, instant INTEGER NOT NULL, bytes BLOB NOT NULL) WITHOUT ROWID",
                    "CREATE INDEX scheduled_instant ON scheduled (instant)",
                    "PRAGMA application_id = 0x4a414e47",
                    "PRAGMA user_version = 1")) {
                statement.executeUpdate(definition);
            }
            BlockBuilder builder = new BlockBuilder();
            long token = 0;
            for (List<NewEvent> events : blocks) {
                events.forEach(event -> builder.add(event.message()));
                insert(connection, builder.take(token));
                token += events.size();
            }
        }
    }

    private static void insert(Connection connection, Block block) throws SQLException {
        try (PreparedStatement insertBlock = connection.prepareStatement("INSERT INTO block VALUES (?, ?, ?, ?, ?)");
             PreparedStatement insertRun = connection.prepareStatement("INSERT OR REPLACE INTO run VALUES (?, ?, ?)")) {
            insertBlock.setLong(1, block.firstToken());
            insertBlock.setInt(2, block.size());
            insertBlock.setLong(3, NOON);
            insertBlock.setInt(4, Checksum.of(block.bytes()));
            insertBlock.setBytes(5, block.bytes());
            insertBlock.executeUpdate();
            for (Run run : BlockRuns.of(block).runs()) {
                insertRun.setString(1, run.aggregate());
                insertRun.setLong(2, run.last());
                insertRun.setLong(3, run.block());
                insertRun.executeUpdate();
            }
        }
    }

    @Test
    void a_file_that_does_not_tell_how_far_its_index_goes_is_refused() throws Exception {
        append(event("order-1", 0), event("order-1", 1));
        store.close();
        for (String damage : List.of("UPDATE indexed SET last_token = 0", "UPDATE indexed SET last_token = 2", "INSERT INTO indexed VALUES (-1)",
                "DELETE FROM indexed", "DROP TABLE indexed")) {
            execute(damage);

            assertThatThrownBy(this::open).as(damage).isInstanceOf(UnusableFolderException.class).hasMessageContaining("events.db is damaged");
        }
    }

    @Test
    void a_number_that_is_taken_is_refused_though_only_memory_tells() {
        append(event("order-1", 0), event("order-1", 1));
        reopen(NEVER);

        assertThatThrownBy(() -> append(event("order-1", 1))).hasRootCauseMessage("Invalid sequence number 1 for aggregate order-1, expected 2");
        append(event("order-1", 2));
        assertThat(sequences("order-1", 0)).containsExactly(0L, 1L, 2L);
    }

    @Test
    void a_number_that_is_taken_by_the_same_commit_is_refused_however_many_aggregates_it_has() throws Exception {
        try (SqliteFile file = SqliteFile.open(folder.resolve("other"));
             SqliteWriter writer = new SqliteWriter(file.connectForWriting(), new Unindexed(), new Snapshotted())) {
            writer.append(IntStream.range(0, 150_000).mapToObj(i -> event("order-" + i, 0)).toList());

            assertThatThrownBy(() -> writer.append(List.of(event("order-0", 0))))
                    .hasMessage("Invalid sequence number 0 for aggregate order-0, expected 1");

            writer.commit();
            assertThatThrownBy(() -> writer.append(List.of(event("order-0", 0))))
                    .hasMessage("Invalid sequence number 0 for aggregate order-0, expected 1");
        }
    }

    @Test
    void what_could_not_be_committed_was_never_there() throws Exception {
        reopen(NEVER);
        append(event("order-1", 0));
        execute("CREATE TRIGGER full BEFORE INSERT ON block WHEN NEW.first_token >= 200 BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");

        assertThatThrownBy(() -> append(IntStream.range(1, 1_000).mapToObj(i -> event("order-1", i)).toArray(NewEvent[]::new)))
                .hasCauseInstanceOf(StoreFailedException.class).hasMessageContaining("the disk is full");

        assertThat(sequences("order-1", 0)).containsExactly(0L);
        assertThat(store.highestSequence("order-1")).isZero();
        assertThat(store.lastToken()).isZero();
        execute("DROP TRIGGER full");
        assertThatThrownBy(() -> append(event("order-1", 0))).hasRootCauseMessage("Invalid sequence number 0 for aggregate order-1, expected 1");
        append(event("order-1", 1), event("order-2", 0));
        reopen(Duration.ZERO);
        awaitIndexed();
        assertThat(sequences("order-1", 0)).containsExactly(0L, 1L);
        assertThat(number("SELECT count(*) FROM run")).isEqualTo(3);
    }

    /** A reference that leads nowhere is noticed by the commit itself, when all has been written. */
    @Test
    void what_fails_in_the_commit_itself_was_never_there_either() throws Exception {
        Unindexed unindexed = new Unindexed();
        try (SqliteFile file = SqliteFile.open(folder.resolve("other")); Connection connection = file.connectForWriting();
             SqliteWriter writer = new SqliteWriter(connection, unindexed, new Snapshotted()); Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA foreign_keys = ON");
            statement.execute("CREATE TABLE reference (block INTEGER REFERENCES block DEFERRABLE INITIALLY DEFERRED)");
            statement.execute("CREATE TRIGGER astray AFTER INSERT ON block BEGIN INSERT INTO reference VALUES (-1); END");
            writer.append(List.of(event("order-1", 0)));

            assertThatThrownBy(writer::commit).hasMessageContaining("FOREIGN KEY");
            writer.rollback();

            assertThat(unindexed.isEmpty()).isTrue();
            statement.execute("DROP TRIGGER astray");
            writer.append(List.of(event("order-1", 0)));
            writer.commit();
            assertThat(unindexed.highestSequence("order-1")).isZero();
        }
    }

    @Test
    void an_index_that_cannot_be_written_hides_nothing_and_is_written_later() throws Exception {
        reopen(Duration.ZERO);
        execute("CREATE TRIGGER full BEFORE UPDATE ON indexed BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");

        appendRounds(0, 2);

        assertRounds(2);
        assertThat(number("SELECT count(*) FROM run")).isZero();
        execute("DROP TRIGGER full");
        appendRounds(2, 3);
        awaitIndexed();
        assertThat(number("SELECT count(*) FROM run")).isEqualTo(3_000);
        assertRounds(3);
    }

    @Test
    void without_a_quiet_moment_what_is_too_much_for_memory_is_indexed_with_the_commits() throws Exception {
        reopen(NEVER);
        for (int i = 0; i <= Unindexed.MOST_ROWS; i += 1_000) {
            assertThat(number("SELECT count(*) FROM run")).isZero();
            append(IntStream.range(i, i + 1_000).mapToObj(order -> event("order-" + order, 0)).toArray(NewEvent[]::new));
        }

        append(event("order-0", 1));

        assertThat(number("SELECT count(*) FROM run")).isBetween(Unindexed.ROWS_AT_ONCE - 128L, (long) Unindexed.ROWS_AT_ONCE);
        assertThat(sequences("order-0", 0)).containsExactly(0L, 1L);
        assertThat(sequences("order-5000", 0)).containsExactly(0L);
        assertThat(store.highestSequence("order-1")).isZero();
        assertThatThrownBy(() -> append(event("order-1", 0))).hasRootCauseMessage("Invalid sequence number 0 for aggregate order-1, expected 1");
    }

    @Test
    void an_emptied_store_has_nothing_in_memory_or_in_its_index() throws Exception {
        reopen(Duration.ZERO);
        appendRounds(0, 1);
        awaitIndexed();
        reopen(NEVER);
        appendRounds(1, 2);

        store.clear().join();

        assertThat(number("SELECT count(*) FROM run")).isZero();
        assertThat(store.highestSequence("order-7")).isEqualTo(-1);
        assertThat(store.readAggregate("order-7", 0, 1_000)).isEmpty();
        appendRounds(0, 1);
        assertRounds(1);
        reopen(Duration.ZERO);
        awaitIndexed();
        assertRounds(1);
    }

    /** Each round is the next event of each of 1,000 aggregates. */
    private void appendRounds(int from, int to) {
        for (int sequence = from; sequence < to; sequence++) {
            append(round(sequence).toArray(NewEvent[]::new));
        }
    }

    private static List<NewEvent> round(int sequence) {
        return IntStream.range(0, 1_000).mapToObj(i -> event("order-" + i, sequence)).toList();
    }

    private void assertRounds(int rounds) {
        for (int i = 0; i < 1_000; i++) {
            assertThat(sequences("order-" + i, 0)).containsExactlyElementsOf(numbers(0, rounds));
            assertThat(sequences("order-" + i, rounds - 1)).containsExactly(rounds - 1L);
            assertThat(store.highestSequence("order-" + i)).isEqualTo(rounds - 1);
        }
    }

    private void awaitIndexed() {
        awaitIndexed(folder);
    }

    private void awaitIndexed(Path folder) {
        await().until(() -> number(folder, "SELECT last_token FROM indexed") == store.lastToken());
    }

    private long number(String query) throws SQLException {
        return number(folder, query);
    }

    private static long number(Path folder, String query) throws SQLException {
        try (Connection connection = connect(folder); Statement statement = connection.createStatement();
             ResultSet result = statement.executeQuery(query)) {
            return result.getLong(1);
        }
    }

    private void execute(String statement) throws SQLException {
        try (Connection connection = connect(folder); Statement executing = connection.createStatement()) {
            executing.execute(statement);
        }
    }

    private static Connection connect(Path folder) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("events.db"));
    }

    /** As a killed process leaves it. */
    private static void copyStore(Path from, Path to) throws IOException {
        for (String file : List.of("events.db", "events.db-wal")) {
            Files.copy(from.resolve(file), to.resolve(file));
        }
    }
}
