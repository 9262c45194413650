package jangter.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where the time goes, by the JVM's own flight recorder. A sample counts for the first frame from the top whose package is known here: what
 * the JDK does, it does for whoever called it.
 *
 * @param running samples of threads that run Java, by what they do
 * @param threads the same samples by pool of threads
 * @param inNative samples of threads that are in native code and not idle: the store's writes and syncs, for the most part
 * @param blockedMillis how long threads waited for others' locks, together
 */
record Profile(Map<String, Integer> running, Map<String, Integer> threads, Map<String, Integer> inNative, long blockedMillis) {

    /** The first prefix that fits says what a frame is for. */
    private static final Map<String, String> PARTS = parts();
    private static final int MOST_POOLS = 12;
    private static final long PATIENCE_SECONDS = 120;

    private static Map<String, String> parts() {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("tools.jackson", "serialisation");
        parts.put("com.fasterxml", "serialisation");
        parts.put("org.axonframework.serialization", "serialisation");
        parts.put("io.axoniq.axonserver.grpc", "gRPC");
        parts.put("io.grpc", "gRPC");
        parts.put("com.google.protobuf", "gRPC");
        parts.put("io.axoniq", "gRPC");
        parts.put("com.mongodb", "Mongo client");
        parts.put("org.bson", "Mongo client");
        parts.put("de.bwaldvogel", "Mongo server (embedded)");
        parts.put("org.h2", "Mongo server (embedded)");
        parts.put("org.sqlite", "event store");
        parts.put("jangter.axonserver", "event store");
        parts.put("jangter", "Jangter");
        parts.put("org.axonframework", "Axon");
        parts.put("org.springframework", "HTTP and Spring");
        parts.put("reactor", "HTTP and Spring");
        parts.put("io.netty", "network (Netty)");
        parts.put("io.micrometer", "metrics");
        return parts;
    }

    /**
     * Lets that process be recorded later without losing its compiled code. At a JVM's first recording some of the JDK's classes are changed,
     * and all code that was compiled until then is thrown away: a recording that begins late shows interpreted code.
     */
    static void prepare(ProcessHandle process) {
        jcmd(process, "JFR.start", "name=prepare");
        jcmd(process, "JFR.stop", "name=prepare");
    }

    /** Records what that process does in the meantime. */
    static Profile of(ProcessHandle process, Path folder, Runnable meanwhile) {
        Path file = folder.resolve("profile-" + System.nanoTime() + ".jfr").toAbsolutePath();
        jcmd(process, "JFR.start", "name=bench", "settings=profile");
        try {
            meanwhile.run();
        } finally {
            jcmd(process, "JFR.stop", "name=bench", "filename=" + file);
        }
        return read(file);
    }

    static Profile read(Path file) {
        Map<String, Integer> running = new TreeMap<>();
        Map<String, Integer> threads = new TreeMap<>();
        Map<String, Integer> inNative = new TreeMap<>();
        long blocked = 0;
        try (RecordingFile recording = new RecordingFile(file)) {
            while (recording.hasMoreEvents()) {
                RecordedEvent event = recording.readEvent();
                switch (event.getEventType().getName()) {
                    case "jdk.ExecutionSample" -> {
                        running.merge(part(event.getStackTrace()), 1, Integer::sum);
                        threads.merge(pool(event), 1, Integer::sum);
                    }
                    case "jdk.NativeMethodSample" -> {
                        if (!isIdle(event.getStackTrace())) {
                            inNative.merge(part(event.getStackTrace()), 1, Integer::sum);
                        }
                    }
                    case "jdk.JavaMonitorEnter" -> blocked += event.getDuration().toMillis();
                    default -> {
                        // not asked for
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Profile(running, threads, inNative, blocked);
    }

    static String part(RecordedStackTrace stack) {
        return stack == null ? "other" : part(stack.getFrames().stream().map(Profile::type).toList());
    }

    /** @param types of the frames, the top one first */
    static String part(List<String> types) {
        for (String type : types) {
            for (Map.Entry<String, String> part : PARTS.entrySet()) {
                if (type.startsWith(part.getKey() + ".")) {
                    return part.getValue();
                }
            }
        }
        return "other";
    }

    private static String type(RecordedFrame frame) {
        return frame.getMethod().getType().getName();
    }

    /** Waiting for the network is what an idle thread does. */
    private static boolean isIdle(RecordedStackTrace stack) {
        if (stack == null || stack.getFrames().isEmpty()) {
            return true;
        }
        String method = stack.getFrames().get(0).getMethod().getName();
        return method.startsWith("epollWait") || method.startsWith("wait") || method.startsWith("accept") || method.startsWith("poll");
    }

    private static String pool(RecordedEvent event) {
        String name = event.getThread("sampledThread") == null ? null : event.getThread("sampledThread").getJavaName();
        return name == null ? "other" : name.replaceAll("[0-9]+", "#");
    }

    /** In hundredths. */
    Map<String, Double> shares() {
        return shares(running);
    }

    private static Map<String, Double> shares(Map<String, Integer> samples) {
        double all = samples.values().stream().mapToInt(Integer::intValue).sum();
        Map<String, Double> shares = new LinkedHashMap<>();
        samples.entrySet().stream().sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
                .forEach(entry -> shares.put(entry.getKey(), Math.round(1_000 * entry.getValue() / all) / 10.0));
        return shares;
    }

    void print(PrintStream out) {
        out.println("  CPU by what is done:  " + shares());
        out.println("  CPU by threads:       " + shares(threads).entrySet().stream().limit(MOST_POOLS).toList());
        out.println("  in native code:       " + shares(inNative));
        out.println("  waiting for locks:    " + blockedMillis + " ms, all threads together");
    }

    private static void jcmd(ProcessHandle process, String... what) {
        List<String> command = new java.util.ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), String.valueOf(process.pid())));
        command.addAll(List.of(what));
        try {
            Process jcmd = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            if (!jcmd.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || jcmd.exitValue() != 0) {
                throw new CannotMeasureException(command + " fails; leave the profile out by --no-profile.");
            }
        } catch (IOException e) {
            throw new CannotMeasureException("There is no jcmd beside this Java; leave the profile out by --no-profile.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotMeasureException("Interrupted.");
        }
    }
}
