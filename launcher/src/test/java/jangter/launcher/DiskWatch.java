package jangter.launcher;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Sees when the machine's disk stands still for everyone: a process of its own, which does nothing else, has a block written through every
 * 50 ms and tells when that took long. A disk that is shared may, and then nothing that must be on it can be answered.
 */
final class DiskWatch implements AutoCloseable {

    private static final Duration EVERY = Duration.ofMillis(50);
    /** Told from here on: a block takes less than a millisecond. */
    private static final Duration LONG = Duration.ofMillis(100);
    private static final int BLOCK = 4096;

    private final Process process;
    private final List<Still> stills = new CopyOnWriteArrayList<>();

    private record Still(Instant until, Duration took) {
    }

    private DiskWatch(Process process) {
        this.process = process;
    }

    /** Watches the disk that the folder is on, until it is closed or this process ends. */
    static DiskWatch on(Path folder) throws Exception {
        Path classes = Path.of(DiskWatch.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        DiskWatch watch = new DiskWatch(new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx32m", "-XX:+UseSerialGC", "-cp",
                classes.toString(), DiskWatch.class.getName(), folder.resolve("watched").toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start());
        Thread listening = new Thread(watch::listen, "disk-watch");
        listening.setDaemon(true);
        listening.start();
        return watch;
    }

    private void listen() {
        try (BufferedReader told = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            for (String millis = told.readLine(); millis != null; millis = told.readLine()) {
                stills.add(new Still(Instant.now(), Duration.ofMillis(Long.parseLong(millis))));
            }
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    /** For how long it stood still at the longest since then. */
    Duration longestSince(Instant then) {
        if (!process.isAlive()) {
            throw new IllegalStateException("Nobody watches the disk any more");
        }
        return stills.stream().filter(still -> still.until().isAfter(then)).map(Still::took).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    @Override
    public void close() {
        process.destroy();
    }

    /** @param arguments the file to write */
    public static void main(String... arguments) throws IOException {
        FileChannel file = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        ScheduledExecutorService times = Executors.newSingleThreadScheduledExecutor();
        times.scheduleWithFixedDelay(() -> writeThrough(file), 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
        // ends with the process that started it
        System.in.transferTo(OutputStream.nullOutputStream());
        times.shutdownNow();
    }

    private static void writeThrough(FileChannel file) {
        long begun = System.nanoTime();
        try {
            file.write(ByteBuffer.allocate(BLOCK), 0);
            file.force(false);
        } catch (IOException unwritable) {
            System.err.println("The disk cannot be watched: " + unwritable);
            System.exit(1);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        if (took.compareTo(LONG) > 0) {
            System.out.println(took.toMillis());
        }
    }
}
