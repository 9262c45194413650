package jangter.launcher;

import jangter.axonserver.DevelopmentAxonServer;
import jangter.axonserver.Settings;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** What the one-JVM default brings along: a development Axon Server and a Mongo, both on files in the data folder, both over the wire. */
final class EmbeddedParts implements AutoCloseable {

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final Map<String, Object> addresses = new HashMap<>();

    /** Starts an Axon Server on a free port of the loopback address. */
    void startAxonServer(Path data) {
        try {
            DevelopmentAxonServer server = DevelopmentAxonServer.start(Settings.onFolder(data.resolve("axonserver")));
            running.push(server);
            addresses.put(Launcher.AXON_SERVERS, server.address());
        } catch (jangter.axonserver.CannotStartException cannot) {
            throw new CannotStartException(cannot.getMessage());
        }
    }

    /** Starts a Mongo on a free port of the loopback address. */
    void startMongo(Path data) {
        DevelopmentMongo mongo = DevelopmentMongo.start(data, 0);
        running.push(mongo);
        addresses.put(Launcher.MONGO_URI, mongo.uri());
    }

    /** Where the started parts are, as Spring properties. */
    Map<String, Object> addresses() {
        return addresses;
    }

    @Override
    public void close() {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) {
                System.err.println("Could not stop cleanly: " + e);
            }
        }
    }
}
