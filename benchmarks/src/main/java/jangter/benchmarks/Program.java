package jangter.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Java program that runs as a process of its own beside this one, on a loopback port, and ends with it. */
final class Program implements AutoCloseable {

    private static final String OPTIONS = "jangter.bench.jvm";
    /** The same for one of eight processes that share a machine: together they would take twelve gigabytes otherwise. */
    static final List<String> AS_ONE_OF_MANY = List.of("-Xms768m", "-Xmx768m", "-Xmn400m", "-XX:+UseSerialGC", "-XX:-UseCodeCacheFlushing");

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(100);
    private static final int FIRST_PORT = 20_000;
    private static final int PORTS = 10_000;
    /** Other processes that look for one at the same time begin elsewhere. */
    private static final AtomicInteger NEXT_PORT = new AtomicInteger((int) (ProcessHandle.current().pid() * 97 % PORTS));

    private final Process process;
    private final Path output;
    private final int port;

    private Program(Process process, Path output, int port) {
        this.process = process;
        this.output = output;
        this.port = port;
    }

    /** Our own jar or classes once more, as another program. */
    static Program again(Path output, int port, String... arguments) {
        String path = System.getProperty("java.class.path");
        List<String> program = new ArrayList<>(path.endsWith("jangter-bench.jar") ? List.of("-jar", path) : List.of("-cp", path, Bench.class.getName()));
        program.addAll(List.of(arguments));
        return start(output, port, Map.of(), asRunDoes(), program);
    }

    /** @param options of its JVM */
    static Program start(Path output, int port, Map<String, String> environment, List<String> options, List<String> program) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options);
        command.addAll(program);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new Program(process, output, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those options, then what JAVA_OPTS says, as {@code ./run} does, and then more. */
    static List<String> options(List<String> first, List<String> more) {
        List<String> wanted = words(System.getenv("JAVA_OPTS"));
        return Stream.of(first, wanted, more).flatMap(List::stream).toList();
    }

    /** The JVM's options, as {@code ./run} gives them to a shop on this machine and tells them to this process. */
    static List<String> asRunDoes() {
        return asRunDoes(System.getProperty(OPTIONS));
    }

    static List<String> asRunDoes(@Nullable String told) {
        List<String> options = words(told);
        if (options.isEmpty()) {
            throw new CannotMeasureException("It is not known how a shop is started here. Start this by ./run bench, which tells it.");
        }
        return options;
    }

    private static List<String> words(@Nullable String options) {
        return Arrays.stream(Objects.requireNonNullElse(options, "").split(" ")).filter(option -> !option.isBlank()).toList();
    }

    /**
     * A port that nobody listens on, not given out here before. It is below those that the system takes for outgoing connections, one of which
     * could take it before the process does.
     */
    static int freePort() {
        for (int tries = 0; tries < PORTS; tries++) {
            int port = FIRST_PORT + Math.floorMod(NEXT_PORT.getAndIncrement(), PORTS);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // the next one, then
            }
        }
        throw new CannotMeasureException("There is no free port from " + FIRST_PORT + " to " + (FIRST_PORT + PORTS - 1) + ".");
    }

    /** Waits until a request to that path is answered well. */
    Program awaitHealthy(Door door, String path) {
        await("It does not answer.", () -> door.get(Headers.NONE, path).map(Door.Answer::isGood).onErrorReturn(false).blockOptional().orElse(false));
        return this;
    }

    /** Waits until it lets others connect to it. */
    Program awaitListening() {
        await("It does not listen.", this::listens);
        return this;
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) LOOK_AGAIN_AFTER.toMillis());
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private void await(String otherwise, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end || !process.isAlive()) {
                throw new CannotMeasureException(otherwise + " It printed:\n" + output());
            }
            pause();
        }
    }

    /** A moment, until things may have changed. */
    static void pause() {
        pause(LOOK_AGAIN_AFTER);
    }

    static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    int awaitExit() {
        try {
            if (process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                return process.exitValue();
            }
            throw new CannotMeasureException("It goes on. It printed:\n" + output());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotMeasureException("Interrupted.");
        }
    }

    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
