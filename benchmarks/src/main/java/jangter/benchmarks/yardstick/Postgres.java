package jangter.benchmarks.yardstick;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PostgreSQL of our own on a free loopback port and an empty folder, with its usual settings: each commit is synced. */
public final class Postgres implements AutoCloseable {

    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
    private static final long PATIENCE_SECONDS = 60;

    private final Path programs;
    private final Path folder;
    private final PostgresAddress address;

    private Postgres(Path programs, Path folder, PostgresAddress address) {
        this.programs = programs;
        this.folder = folder;
        this.address = address;
    }

    /** Where this machine has PostgreSQL's programs, if it has. */
    public static Optional<Path> programs() {
        if (!Files.isDirectory(DEBIAN)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(DEBIAN)) {
            return versions.map(version -> version.resolve("bin")).filter(bin -> Files.isExecutable(bin.resolve("initdb"))).max(Comparator.naturalOrder());
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** @param folder empty; whoever runs PostgreSQL must be able to reach it */
    public static Postgres start(Path programs, Path folder, PostgresAddress address) {
        try {
            Path password = folder.resolve("password");
            Files.writeString(password, address.password());
            if (isRoot()) {
                run(List.of("chown", "-R", "postgres", folder.toString()));
            }
            Postgres postgres = new Postgres(programs, folder, address);
            postgres.program("initdb", "-D", postgres.data(), "-U", PostgresAddress.USER, "-A", "scram-sha-256", "--pwfile=" + password, "-E", "UTF8", "--locale=C");
            postgres.program("pg_ctl", "-D", postgres.data(), "-w", "-l", folder.resolve("postgres.log").toString(), "-o",
                    "-c listen_addresses=127.0.0.1 -c port=" + address.port() + " -c unix_socket_directories= -c max_connections=300"
                            + " -c max_prepared_transactions=300", "start");
            return postgres;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public PostgresAddress address() {
        return address;
    }

    /** Its first process, which has started the others. */
    public ProcessHandle process() {
        try {
            return ProcessHandle.of(Long.parseLong(Files.readAllLines(Path.of(data(), "postmaster.pid")).get(0))).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void createDatabase(String name) {
        execute("postgres", "create database " + name);
    }

    /** Does that in that database. */
    public void execute(String database, String sql) {
        try (Connection connection = DriverManager.getConnection(address.url(database), PostgresAddress.USER, address.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private void program(String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(isRoot() ? List.of("runuser", "-u", "postgres", "--") : List.of());
        command.add(programs.resolve(name).toString());
        command.addAll(List.of(arguments));
        run(command);
    }

    /** PostgreSQL refuses to run as root: Debian brings a user for it. */
    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static void run(List<String> command) throws IOException {
        Path output = Files.createTempFile("bench-postgres", ".out");
        Process process = new ProcessBuilder(command).directory(Path.of("/").toFile()).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(command + " failed: " + Files.readString(output));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted.");
        } finally {
            Files.deleteIfExists(output);
        }
    }

    @Override
    public void close() {
        try {
            program("pg_ctl", "-D", data(), "-w", "-m", "fast", "stop");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
