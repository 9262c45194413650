package jangter.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A Java program that runs as a process of its own beside this one, on a loopback port, and ends with it. */
final class Program implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(100);

    private static final List<String> AS_RUN_DOES = List.of("-Xmx1536m", "-Xmn800m", "-XX:+UseParallelGC", "-XX:-UseCodeCacheFlushing");

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
        return start(output, port, Map.of(), List.of(), program);
    }

    static Program start(Path output, int port, Map<String, String> environment, List<String> options, List<String> program) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(AS_RUN_DOES);
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

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until a request to that path is answered well. */
    Program awaitHealthy(Door door, String path) {
        await("It does not answer.", () -> door.get(headers -> { }, path).map(Door.Answer::isGood).onErrorReturn(false).blockOptional().orElse(false));
        return this;
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
