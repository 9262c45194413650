package jangter.launcher;

import jangter.launcher.issuer.IssuerServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The shop as many processes: Axon Server and Mongo, the saga and the order service twice, the others once. All speak to Axon Server and
 * to Mongo through wires that can be cut.
 */
final class ChaosCluster implements AutoCloseable {

    static final String AXON_SERVER = "axonserver";
    static final String MONGO = "mongo";
    private static final List<String> SERVICES = List.of("order-1", "order-2", "payment-1", "inventory-1", "coupon-1", "saga-1", "saga-2");
    private static final Map<String, String> PATHS = Map.of("orders", "order", "wallets", "payment", "products", "inventory", "campaigns",
            "coupon", "coupons", "coupon", "checkouts", "saga");

    private final Path folder;
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, JangterProcess> processes = new ConcurrentHashMap<>();
    private final FaultyWire toAxonServer;
    private final FaultyWire toMongo;
    private final IssuerServer issuer;

    ChaosCluster(Path folder) {
        this.folder = folder;
        List.of(AXON_SERVER, MONGO).forEach(name -> ports.put(name, JangterProcess.freePort()));
        SERVICES.forEach(name -> ports.put(name, JangterProcess.freePort()));
        this.toAxonServer = FaultyWire.to(ports.get(AXON_SERVER));
        this.toMongo = FaultyWire.to(ports.get(MONGO));
        this.issuer = IssuerServer.start(folder, JangterProcess.freePort());
    }

    /** Starts everything and waits until all of it is healthy. */
    void start() {
        start(AXON_SERVER);
        start(MONGO);
        SERVICES.forEach(this::start);
        SERVICES.forEach(this::awaitHealthy);
    }

    List<String> names() {
        return List.copyOf(ports.keySet());
    }

    /** Starts the process of that name, which does not run. */
    void start(String name) {
        processes.put(name, JangterProcess.start(folder.resolve(name + ".log"), ports.get(name), environment(name), name.split("-")[0]));
    }

    void kill(String name) {
        processes.get(name).kill();
    }

    void signal(String name, String signal) {
        processes.get(name).signal(signal);
    }

    boolean isHealthy(String name) {
        return !SERVICES.contains(name) || processes.get(name).isHealthy();
    }

    void awaitHealthy(String name) {
        if (SERVICES.contains(name)) {
            processes.get(name).awaitHealthy();
        }
    }

    FaultyWire wire(String name) {
        return name.equals(AXON_SERVER) ? toAxonServer : toMongo;
    }

    /** Where Axon Server is, past the wire. */
    String axonServer() {
        return "127.0.0.1:" + ports.get(AXON_SERVER);
    }

    /** Who answers for that path: of two instances now the one, now the other. */
    String addressFor(String path, int turn) {
        if (path.equals("/dev/tokens")) {
            return issuer.uri();
        }
        String service = PATHS.get(path.split("[/?]")[1]);
        List<String> instances = SERVICES.stream().filter(name -> name.startsWith(service + "-")).toList();
        return "http://127.0.0.1:" + ports.get(instances.get(Math.floorMod(turn, instances.size())));
    }

    private Map<String, String> environment(String name) {
        return switch (name) {
            case AXON_SERVER -> Map.of("JANGTER_AXONSERVER_PORT", ports.get(name).toString(), "JANGTER_AXONSERVER_HTTP_PORT", "-1",
                    "JANGTER_AXONSERVER_DATA", folder.resolve("events").toString());
            case MONGO -> Map.of("JANGTER_DATA", folder.resolve("mongo").toString());
            default -> Map.of("AXON_AXONSERVER_SERVERS", "127.0.0.1:" + toAxonServer.port(), "SPRING_MONGODB_URI",
                    "mongodb://127.0.0.1:" + toMongo.port(), "JANGTER_WAITFORSERVERS", Duration.ofMinutes(2).toString(),
                    "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUERURI", issuer.uri());
        };
    }

    @Override
    public void close() {
        processes.values().forEach(JangterProcess::close);
        issuer.close();
        toAxonServer.close();
        toMongo.close();
    }
}
