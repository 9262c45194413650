package jangter.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Our shop: all services in one JVM on embedded defaults, started as a process of its own; or one that runs already. */
final class Shop implements AutoCloseable {

    static final String SYNCED = "events synced before each answer; embedded Mongo's file loses up to 1 s, falls back together, and replays";
    static final String SOMEONES = "as that system is set up";

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    /** The launcher's, as the build leaves it. */
    private static final Path JAR = Path.of(Objects.requireNonNullElse(System.getenv("JANGTER_JAR"), "launcher/target/jangter.jar"));

    private final @Nullable Program program;
    private final Path folder;
    private final String axonServer;
    private final Door door;
    private final Bus bus;
    private final Passes passes;
    private final JsonMapper json = JsonMapper.shared();

    private Shop(@Nullable Program program, Path folder, String axonServer, Door door) {
        this.program = program;
        this.folder = folder;
        this.axonServer = axonServer;
        this.door = door;
        this.passes = new Passes(door.address());
        this.bus = new Bus(axonServer);
    }

    /**
     * @param folder for its data and its output
     * @param more options of its JVM, besides those in JAVA_OPTS
     */
    static Shop start(Path folder, List<String> more) {
        if (!Files.exists(JAR)) {
            throw new CannotMeasureException("There is no " + JAR.toAbsolutePath() + ". Start this by ./run bench, which builds it.");
        }
        int port = Program.freePort();
        Path data = folder.resolve("data");
        List<String> options = new ArrayList<>(Arrays.stream(Objects.requireNonNullElse(System.getenv("JAVA_OPTS"), "").split(" "))
                .filter(option -> !option.isBlank()).toList());
        options.addAll(more);
        Program program = Program.start(folder.resolve("jangter.out"), port,
                Map.of("JANGTER_PORT", String.valueOf(port), "JANGTER_DATA", data.toString()),
                options, List.of("-jar", JAR.toString()));
        Door door = new Door(program.address());
        program.awaitHealthy(door, "/actuator/health");
        try {
            return new Shop(program, folder, Files.readString(data.resolve("axonserver.address")), door);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Shop at(URI address, String axonServer, Path folder) {
        Door door = new Door(address);
        if (!door.get(headers -> { }, "/actuator/health").map(Door.Answer::isGood).onErrorReturn(false).blockOptional().orElse(false)) {
            throw new CannotMeasureException("Nobody answers well at " + address + ".");
        }
        return new Shop(null, folder, axonServer, door);
    }

    Door door() {
        return door;
    }

    Passes passes() {
        return passes;
    }

    Bus bus() {
        return bus;
    }

    @Nullable ProcessHandle process() {
        return program == null ? null : program.handle();
    }

    String durability() {
        return program == null ? SOMEONES : SYNCED;
    }

    /** What its process has used; nothing is known of one that was not started here. */
    Duration cpu() {
        return program == null ? Duration.ZERO : CpuTime.ofTree(program.handle());
    }

    /** An event processor; {@code rebuild} is how the latest copy of its views stands. */
    record Processor(String name, boolean replayable, boolean caughtUp, List<Long> positions, String rebuild) {
    }

    List<Processor> processors() {
        Door.Answer answer = Objects.requireNonNull(door.get(passes::asStaff, "/actuator/processors").block());
        if (!answer.isGood()) {
            throw new CannotMeasureException("The event processors are not told: " + answer);
        }
        List<Processor> processors = new ArrayList<>();
        for (JsonNode processor : json.readTree(answer.body())) {
            boolean caughtUp = true;
            List<Long> positions = new ArrayList<>();
            for (JsonNode segment : processor.get("segments")) {
                caughtUp &= segment.get("caughtUp").asBoolean();
                positions.add(segment.path("position").asLong(-1));
            }
            processors.add(new Processor(processor.get("name").asString(), processor.get("replayable").asBoolean(), caughtUp, positions,
                    processor.path("rebuild").path("state").asString("")));
        }
        return processors;
    }

    /** Waits until all events are handled: nothing moves any more. Events that a processor has no use for do not move it. */
    void rest() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        List<Processor> before = List.of();
        List<Processor> now = processors();
        while (!now.equals(before) || !now.stream().allMatch(Processor::caughtUp)) {
            if (System.nanoTime() > end) {
                throw new CannotMeasureException("The event processors do not keep up: " + now);
            }
            Program.pause();
            before = now;
            now = processors();
        }
    }

    /** Counts from all events whether money, stock and coupons add up, by the launcher's own check. */
    String check() {
        Program check = Program.start(folder.resolve("check.out"), 0, Map.of("AXON_AXONSERVER_SERVERS", axonServer), List.of(),
                List.of("-jar", JAR.toString(), "check"));
        int exit = check.awaitExit();
        return (exit == 0 ? "" : "VIOLATED: ") + String.join(" ", check.output().lines().filter(line -> !line.startsWith("  ")).skip(1).toList());
    }

    @Override
    public void close() {
        bus.close();
        door.close();
        if (program != null) {
            program.close();
        }
    }
}
