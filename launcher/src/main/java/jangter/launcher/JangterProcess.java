package jangter.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The launcher as a process of its own, as {@code ./run} starts it, which can be paused and killed. */
final class JangterProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(200);
    private static final int FIRST_PORT = 20_000;
    private static final int PORTS = 10_000;
    /** Other processes that look for one at the same time begin elsewhere. */
    private static final AtomicInteger NEXT_PORT = new AtomicInteger((int) (ProcessHandle.current().pid() * 97 % PORTS));

    private final Process process;
    private final Path output;
    private final int port;

    private JangterProcess(Process process, Path output, int port) {
        this.process = process;
        this.output = output;
        this.port = port;
    }

    /**
     * Starts the launcher with those arguments.
     *
     * @param output gets what it prints, after what is there
     * @param port {@code JANGTER_PORT}
     */
    static JangterProcess start(Path output, int port, Map<String, String> environment, String... arguments) {
        return start(LauncherClasses.asTheyAre(), output, port, environment, arguments);
    }

    /** The same, with the launcher's classes found in another way. */
    static JangterProcess start(LauncherClasses classes, Path output, int port, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:MetaspaceSize=160m"));
        command.addAll(classes.options());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().put("JANGTER_PORT", String.valueOf(port));
        builder.environment().putAll(environment);
        try {
            return new JangterProcess(builder.start(), output, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        throw new CannotStartException("There is no free port from " + FIRST_PORT + " to " + (FIRST_PORT + PORTS - 1) + ". Stop what listens there.");
    }

    /** Waits until its health is good. */
    JangterProcess awaitHealthy() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!isHealthy()) {
            if (System.nanoTime() > end || !process.isAlive()) {
                throw new CannotStartException("The process at " + address() + " does not get healthy. It printed:\n" + output());
            }
            ShopClient.pause(LOOK_AGAIN_AFTER);
        }
        return this;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    boolean isHealthy() {
        HttpRequest health = HttpRequest.newBuilder(URI.create(address() + "/actuator/health")).timeout(Duration.ofSeconds(5)).build();
        try {
            return HttpClient.newHttpClient().send(health, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStartException("Interrupted.");
        }
    }

    ShopClient shop() {
        return new ShopClient(address(), () -> UUID.randomUUID().toString());
    }

    long pid() {
        return process.pid();
    }

    String address() {
        return "http://127.0.0.1:" + port;
    }

    /** As {@code kill -9}: nothing is told, nothing is written any more. */
    void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /** As {@code kill}: it ends what it does, and goes. */
    void stop() {
        process.destroy();
        awaitExit();
    }

    /** As {@code kill -STOP} and {@code kill -CONT}: nothing runs in it in between. */
    void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStartException("Interrupted.");
        }
    }

    int awaitExit() {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new CannotStartException("The process goes on. It printed:\n" + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStartException("Interrupted.");
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
        process.destroyForcibly();
    }
}
