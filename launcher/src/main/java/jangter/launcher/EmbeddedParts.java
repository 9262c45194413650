package jangter.launcher;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import jangter.axonserver.DevelopmentAxonServer;
import jangter.axonserver.Settings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.h2.mvstore.MVStoreException;

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
        H2Backend backend;
        try {
            backend = new H2Backend(data.resolve("mongo.mv").toString());
        } catch (MVStoreException unusable) {
            throw new CannotStartException("Cannot open " + data.resolve("mongo.mv").toAbsolutePath()
                    + ". Is Jangter running on that folder already? Stop it, or choose another folder with JANGTER_DATA.");
        }
        MongoServer server = new MongoServer(backend);
        InetSocketAddress address = server.bind();
        running.push(server::shutdown);
        addresses.put(Launcher.MONGO_URI, "mongodb://127.0.0.1:" + address.getPort());
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
