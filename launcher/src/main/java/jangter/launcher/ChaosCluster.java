package jangter.launcher;

import jangter.launcher.issuer.IssuerServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The shop as many processes: Axon Server, Mongo, and the services, each as often as is asked for; who issues tokens is not among them. Every service has wires of its own to
 * Axon Server and to Mongo, so that a fault can be aimed.
 */
final class ChaosCluster implements AutoCloseable {

    static final String AXON_SERVER = "axonserver";
    static final String MONGO = "mongo";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Map<String, String> PATHS = Map.of("orders", "order", "wallets", "payment", "products", "inventory", "campaigns",
            "coupon", "coupons", "coupon", "checkouts", "saga");

    private final Path folder;
    private final LauncherClasses classes;
    private final List<String> services;
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, JangterProcess> processes = new ConcurrentHashMap<>();
    private final Map<String, FaultyWire> toAxonServer = new LinkedHashMap<>();
    private final Map<String, FaultyWire> toMongo = new LinkedHashMap<>();
    private final FaultyWire observer;
    private final IssuerServer issuer;
    private final TrialTokens tokens;

    /** How many there are of the services that may be several. */
    enum Size {
        /** One of each. */
        SMALL(List.of("order-1", "payment-1", "inventory-1", "coupon-1", "saga-1")),
        /** The saga and the order service twice. */
        FULL(List.of("order-1", "order-2", "payment-1", "inventory-1", "coupon-1", "saga-1", "saga-2"));

        private final List<String> services;

        Size(List<String> services) {
            this.services = services;
        }
    }

    ChaosCluster(LauncherClasses classes, Path folder, Size size) {
        this.folder = folder;
        this.services = size.services;
        this.classes = classes;
        names().forEach(name -> ports.put(name, JangterProcess.freePort()));
        services.forEach(name -> toAxonServer.put(name, FaultyWire.to(ports.get(AXON_SERVER), Protocol.GRPC)));
        services.forEach(name -> toMongo.put(name, FaultyWire.to(ports.get(MONGO), Protocol.MONGO)));
        this.observer = FaultyWire.to(ports.get(AXON_SERVER), Protocol.GRPC);
        this.issuer = IssuerServer.start(folder, JangterProcess.freePort());
        this.tokens = new TrialTokens(issuer.uri());
    }

    /** Starts everything and waits until all of it is healthy. */
    void start() {
        start(AXON_SERVER);
        start(MONGO);
        services.forEach(this::start);
        names().forEach(this::awaitHealthy);
    }

    List<String> names() {
        return Stream.concat(Stream.of(AXON_SERVER, MONGO), services.stream()).toList();
    }

    List<String> services() {
        return services;
    }

    /** All instances of one service. */
    List<String> instances(String service) {
        return services.stream().filter(name -> kind(name).equals(service)).toList();
    }

    /** The process of that name, and after it all others of its kind. */
    List<String> alike(String name) {
        return Stream.concat(Stream.of(name), names().stream().filter(other -> !other.equals(name) && kind(other).equals(kind(name)))).toList();
    }

    /** What kind of process that is: order-2 is of the kind order. */
    static String kind(String name) {
        return name.split("-")[0];
    }

    /** Starts the process of that name, which does not run. */
    void start(String name) {
        start(name, Duration.ZERO);
    }

    /** Starts it with a clock that is off by so much. */
    void start(String name, Duration clockOff) {
        Map<String, String> environment = new HashMap<>(environment(name));
        if (!clockOff.isZero()) {
            environment.putAll(Map.of("SPRING_PROFILES_ACTIVE", WrongClock.PROFILE, "JANGTER_CHAOS_CLOCKOFFSET", clockOff.toString()));
        }
        processes.put(name, JangterProcess.start(classes, folder.resolve(name + ".log"), ports.get(name), environment, kind(name)));
    }

    void kill(String name) {
        processes.get(name).kill();
    }

    /** Stops it as an operator would. */
    void stop(String name) {
        processes.get(name).stop();
    }

    void signal(String name, String signal) {
        processes.get(name).signal(signal);
    }

    void awaitHealthy(String name) {
        if (services.contains(name)) {
            processes.get(name).awaitHealthy();
            return;
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!listens(ports.get(name))) {
            if (System.nanoTime() > end || !processes.get(name).isAlive()) {
                throw new CannotStartException(name + " does not come up. It printed:\n" + processes.get(name).output());
            }
            ShopClient.pause(Duration.ofMillis(20));
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** One process's wire to Axon Server or to Mongo. */
    FaultyWire wire(String service, String server) {
        return (server.equals(AXON_SERVER) ? toAxonServer : toMongo).get(service);
    }

    /** The wires on which a moment in that process's life can be seen: a server's are those of all services. */
    List<FaultyWire> wiresOf(String name, Moment moment) {
        Map<String, FaultyWire> wires = moment == Moment.AFTER_SAGA_STORE ? toMongo : toAxonServer;
        Predicate<String> concerned = moment == Moment.AFTER_SAGA_STORE ? wire -> kind(wire).equals("saga") && (wire.equals(name) || !kind(name).equals("saga"))
                : wire -> wire.equals(name) || !services.contains(name);
        return wires.entrySet().stream().filter(wire -> concerned.test(wire.getKey())).map(Map.Entry::getValue).toList();
    }

    /** Every wire to Axon Server, that of who only looks on too. */
    List<FaultyWire> allToAxonServer() {
        return Stream.concat(toAxonServer.values().stream(), Stream.of(observer)).toList();
    }

    /** Where Axon Server's events can be looked at. */
    int observerPort() {
        return observer.port();
    }

    /** Where Axon Server is, past all wires. */
    String axonServer() {
        return "127.0.0.1:" + ports.get(AXON_SERVER);
    }

    /** Where Mongo is, past all wires. */
    String mongo() {
        return "mongodb://127.0.0.1:" + ports.get(MONGO);
    }

    Path events() {
        return folder.resolve("events");
    }

    Path mongoFiles() {
        return folder.resolve("mongo");
    }

    int port(String name) {
        return ports.get(name);
    }

    String address(String name) {
        return "http://127.0.0.1:" + ports.get(name);
    }

    /** Who answers for that path: of two instances now the one, now the other. */
    String addressFor(String path, int turn) {
        List<String> instances = instances(PATHS.get(path.split("[/?]")[1]));
        return address(instances.get(Math.floorMod(turn, instances.size())));
    }

    /** One who shops or works there; tokens are asked for once for all of them. */
    ShopClient client(UnaryOperator<String> addresses, Supplier<String> keys) {
        return new ShopClient(addresses, keys, tokens);
    }

    /** One who asks that instance. */
    ShopClient clientOf(String instance) {
        return client(path -> address(instance), () -> UUID.randomUUID().toString());
    }

    private Map<String, String> environment(String name) {
        return switch (name) {
            case AXON_SERVER -> Map.of("JANGTER_AXONSERVER_PORT", ports.get(name).toString(), "JANGTER_AXONSERVER_HTTP_PORT", "-1",
                    "JANGTER_AXONSERVER_DATA", events().toString());
            case MONGO -> Map.of("JANGTER_DATA", mongoFiles().toString());
            default -> Map.of("AXON_AXONSERVER_SERVERS", "127.0.0.1:" + toAxonServer.get(name).port(), "AXON_AXONSERVER_CLIENTID", name,
                    "SPRING_MONGODB_URI", "mongodb://127.0.0.1:" + toMongo.get(name).port(), "JANGTER_WAITFORSERVERS", PATIENCE.toString(),
                    "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUERURI", issuer.uri());
        };
    }

    @Override
    public void close() {
        processes.values().forEach(JangterProcess::close);
        toAxonServer.values().forEach(FaultyWire::close);
        toMongo.values().forEach(FaultyWire::close);
        observer.close();
        issuer.close();
    }
}
