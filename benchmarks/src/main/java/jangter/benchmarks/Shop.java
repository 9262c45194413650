package jangter.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Our shop: all services in one JVM on embedded defaults, started as a process of its own; or each service, Axon Server, Mongo and the issuer as
 * processes apart; or one that runs already.
 */
final class Shop implements AutoCloseable {

    static final String SYNCED = "events synced before each answer; embedded Mongo's file loses up to 1 s in a kill, 30 s in a power loss, and replays";
    static final String SOMEONES = "as that system is set up";

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    /** To tell of all its processors takes the shop 10 ms of CPU time, which counts in what is measured until it rests. */
    private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(250);
    private static final String PROCESSORS = "/actuator/processors";
    private static final String HEALTH = "/actuator/health";
    /** The launcher's, as the build leaves it. */
    private static final Path JAR = Path.of(Objects.requireNonNullElse(System.getenv("JANGTER_JAR"), "launcher/target/jangter.jar"));

    private final List<Program> programs;
    private final Path folder;
    private final String axonServer;
    private final Map<Service, Door> doors;
    private final Bus bus;
    private final Passes passes;
    private final JsonMapper json = JsonMapper.shared();

    /** @param programs what was started here, what needs others after those; none of a shop that runs already */
    private Shop(List<Program> programs, Path folder, String axonServer, URI issuer, Map<Service, Door> doors) {
        this.programs = programs;
        this.folder = folder;
        this.axonServer = axonServer;
        this.doors = doors;
        this.passes = new Passes(issuer);
        this.bus = new Bus(axonServer);
    }

    /**
     * Starts everything in one JVM.
     *
     * @param folder for its data and its output
     * @param more options of its JVM, besides those in JAVA_OPTS
     */
    static Shop start(Path folder, List<String> more) {
        int port = Program.freePort();
        Path data = folder.resolve("data");
        Program program = start(folder, "jangter", port, Map.of("JANGTER_PORT", String.valueOf(port), "JANGTER_DATA", data.toString()),
                Program.options(Program.asRunDoes(), more));
        Door door = new Door(program.address());
        program.awaitHealthy(door, HEALTH);
        try {
            return new Shop(List.of(program), folder, Files.readString(data.resolve("axonserver.address")), program.address(), everyone(door));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts what {@code ./run axonserver}, {@code mongo} and {@code issuer} start, and each service alone as {@code ./run order} does: they meet
     * over the loopback address only.
     */
    static Shop startApart(Path folder) {
        List<String> options = Program.options(Program.AS_ONE_OF_MANY, List.of());
        int axonPort = Program.freePort();
        int mongoPort = Program.freePort();
        int issuerPort = Program.freePort();
        String data = folder.resolve("data").toString();
        Program issuer = start(folder, "issuer", issuerPort, Map.of("JANGTER_PORT", String.valueOf(issuerPort), "JANGTER_DATA", data), options, "issuer");
        List<Program> programs = new ArrayList<>(List.of(
                start(folder, "axonserver", axonPort, Map.of("JANGTER_AXONSERVER_PORT", String.valueOf(axonPort), "JANGTER_AXONSERVER_HTTP_PORT", "-1",
                        "JANGTER_AXONSERVER_DATA", folder.resolve("data/axonserver").toString()), options, "axonserver"),
                start(folder, "mongo", mongoPort, Map.of("JANGTER_PORT", String.valueOf(mongoPort), "JANGTER_DATA", data), options, "mongo"),
                issuer));
        programs.forEach(Program::awaitListening);
        String axonServer = "127.0.0.1:" + axonPort;
        Map<Service, Program> services = new EnumMap<>(Service.class);
        for (Service service : Service.values()) {
            int port = Program.freePort();
            services.put(service, start(folder, service.title(), port, Map.of("JANGTER_PORT", String.valueOf(port), "AXON_AXONSERVER_SERVERS", axonServer,
                    "SPRING_MONGODB_URI", "mongodb://127.0.0.1:" + mongoPort,
                    "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUERURI", issuer.address().toString()), options, service.title()));
        }
        Map<Service, Door> doors = new EnumMap<>(Service.class);
        services.forEach((service, program) -> {
            doors.put(service, new Door(program.address()));
            program.awaitHealthy(doors.get(service), HEALTH);
        });
        programs.addAll(services.values());
        return new Shop(programs, folder, axonServer, issuer.address(), doors);
    }

    private static Program start(Path folder, String name, int port, Map<String, String> environment, List<String> options, String... arguments) {
        if (!Files.exists(JAR)) {
            throw new CannotMeasureException("There is no " + JAR.toAbsolutePath() + ". Start this by ./run bench, which builds it.");
        }
        List<String> program = new ArrayList<>(List.of("-jar", JAR.toString()));
        program.addAll(List.of(arguments));
        return Program.start(folder.resolve(name + ".out"), port, environment, options, program);
    }

    static Shop at(URI address, String axonServer, Path folder) {
        Door door = new Door(address);
        if (!door.get(Headers.NONE, HEALTH).map(Door.Answer::isGood).onErrorReturn(false).blockOptional().orElse(false)) {
            throw new CannotMeasureException("Nobody answers well at " + address + ".");
        }
        return new Shop(List.of(), folder, axonServer, address, everyone(door));
    }

    private static Map<Service, Door> everyone(Door door) {
        return Arrays.stream(Service.values()).collect(Collectors.toMap(service -> service, service -> door));
    }

    /** What is measured of it is told under this name. */
    String name() {
        return named("jangter");
    }

    /** That name, with what tells it from the same of everything in one JVM. */
    String named(String name) {
        return isApart() ? name + "-apart" : name;
    }

    /** Whether it is of several processes. */
    boolean isApart() {
        return programs.size() > 1;
    }

    /** Asks the service whose path it is. */
    Mono<Door.Answer> get(Headers headers, String path) {
        return doors.get(Service.ofPath(path)).get(headers, path);
    }

    /** Asks the service whose path it is. */
    Mono<Door.Answer> post(Headers headers, String path, @Nullable String json) {
        return doors.get(Service.ofPath(path)).post(headers, path, json);
    }

    Passes passes() {
        return passes;
    }

    Bus bus() {
        return bus;
    }

    /** The process that all of it is in, if it is one that was started here. */
    Optional<ProcessHandle> process() {
        return programs.size() == 1 ? Optional.of(programs.get(0).handle()) : Optional.empty();
    }

    String durability() {
        return programs.isEmpty() ? SOMEONES : SYNCED;
    }

    /** What its processes have used, all together; nothing is known of one that was not started here. */
    Duration cpu() {
        return programs.stream().map(program -> CpuTime.ofTree(program.handle())).reduce(Duration.ZERO, Duration::plus);
    }

    /** An event processor; {@code rebuild} is how the latest copy of its views stands. */
    record Processor(String name, boolean replayable, boolean caughtUp, List<Long> positions, String rebuild) {

        static Processor of(JsonNode processor) {
            boolean caughtUp = true;
            List<Long> positions = new ArrayList<>();
            for (JsonNode segment : processor.get("segments")) {
                caughtUp &= segment.get("caughtUp").asBoolean();
                positions.add(segment.path("position").asLong(-1));
            }
            return new Processor(processor.get("name").asString(), processor.get("replayable").asBoolean(), caughtUp, positions,
                    processor.path("rebuild").path("state").asString(""));
        }
    }

    /** Those of all services. */
    List<Processor> processors() {
        List<Processor> processors = new ArrayList<>();
        for (Door door : new LinkedHashSet<>(doors.values())) {
            json.readTree(well(door.get(passes.ofStaff(), PROCESSORS))).forEach(processor -> processors.add(Processor.of(processor)));
        }
        return processors;
    }

    /** One of them, which takes the shop much less to tell. */
    Processor processor(String name) {
        return Processor.of(json.readTree(well(doors.get(Service.ofProcessor(name)).get(passes.ofStaff(), PROCESSORS + "/" + name))));
    }

    /** Begins to build the views of that processor anew. */
    void buildAnew(String name) {
        well(doors.get(Service.ofProcessor(name)).post(passes.ofStaff(), PROCESSORS + "/" + name, "{\"action\":\"reset\"}"));
    }

    private static String well(Mono<Door.Answer> asked) {
        Door.Answer answer = Objects.requireNonNull(asked.onErrorMap(failure -> new CannotMeasureException("The event processors are not told: " + failure)).block());
        if (!answer.isGood()) {
            throw new CannotMeasureException("The event processors are not told: " + answer);
        }
        return answer.body();
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
            Program.pause(LOOK_AGAIN_AFTER);
            before = now;
            now = processors();
        }
    }

    /** Counts from all events whether money, stock and coupons add up, by the launcher's own check. */
    String check() {
        Program check = start(folder, "check", 0, Map.of("AXON_AXONSERVER_SERVERS", axonServer), Program.asRunDoes(), "check");
        int exit = check.awaitExit();
        String told = String.join(" ", check.output().lines().filter(line -> !line.startsWith("  ")).skip(1).toList());
        return exit == 0 ? told : told.isEmpty() ? "NOT COUNTED: the check ended with " + exit : "VIOLATED: " + told;
    }

    @Override
    public void close() {
        bus.close();
        doors.values().stream().distinct().forEach(Door::close);
        List<Program> lastFirst = new ArrayList<>(programs);
        Collections.reverse(lastFirst);
        lastFirst.forEach(Program::close);
    }
}
