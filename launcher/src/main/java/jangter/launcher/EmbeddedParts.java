package jangter.launcher;

import jangter.axonserver.DevelopmentAxonServer;
import jangter.axonserver.Settings;
import jangter.launcher.issuer.DevelopmentIssuer;
import jangter.launcher.issuer.EmbeddedIssuer;
import jangter.launcher.issuer.UnusableKeyException;
import jangter.launcher.inside.InsideMessaging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.axonframework.axonserver.connector.ManagedChannelCustomizer;
import org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.support.GenericApplicationContext;

/**
 * What the one-JVM default brings along: a development Axon Server and a Mongo, both on files in the data folder, and an
 * issuer of tokens for trying out.
 */
final class EmbeddedParts implements AutoCloseable {

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final Map<String, Object> addresses = new HashMap<>();

    /** Starts an Axon Server on a free port of the loopback address, for those services and for commands beside them. */
    void startAxonServer(Path data, EmbeddedSettings settings, GenericApplicationContext services) {
        try {
            DevelopmentAxonServer server = DevelopmentAxonServer.start(Settings.onFolder(data.resolve("axonserver")));
            running.push(server);
            addresses.put(Launcher.AXON_SERVERS, server.address());
            leaveAddress(addressFile(data), server.address());
            if (!settings.overThePort()) {
                services.registerBean("embeddedAxonServer", DevelopmentAxonServer.class, () -> server, definition -> definition.setDestroyMethodName(""));
                services.registerBean("embeddedAxonServerChannel", ManagedChannelCustomizer.class, () -> server::inProcess);
                new AnnotatedBeanDefinitionReader(services).register(InsideMessaging.class);
            }
        } catch (jangter.axonserver.CannotStartException cannot) {
            throw new CannotStartException(cannot.getMessage());
        }
    }

    /** Starts a Mongo on a free port of the loopback address, for those services and for commands beside them. */
    void startMongo(Path data, EmbeddedSettings settings, GenericApplicationContext services) {
        DevelopmentMongo mongo = DevelopmentMongo.start(data, 0, settings.views());
        running.push(mongo);
        addresses.put(Launcher.MONGO_URI, mongo.uri());
        if (!settings.overThePort()) {
            services.registerBean("embeddedMongo", MongoClientSettingsBuilderCustomizer.class, () -> client -> client.transportSettings(mongo.inProcess()));
        }
    }

    /** Gives tokens to whoever asks, on the services' own port. */
    void startIssuer(Path data, GenericApplicationContext services) {
        try {
            String name = "http://" + services.getEnvironment().getProperty("server.address") + ":" + services.getEnvironment().getProperty("server.port");
            DevelopmentIssuer issuer = DevelopmentIssuer.named(name, data, Clock.systemUTC());
            EmbeddedIssuer.register(issuer, services);
            addresses.put(Launcher.ISSUER_URI, name);
            addresses.put(Launcher.KEYS_URI, name + DevelopmentIssuer.KEYS);
        } catch (UnusableKeyException cannot) {
            throw new CannotStartException(cannot.getMessage());
        }
    }

    /** Believes the tokens of an issuer that runs beside. */
    void useIssuer(String uri) {
        addresses.put(Launcher.ISSUER_URI, uri);
    }

    /** Where the address of a running Axon Server is left, for commands beside this one. */
    static Path addressFile(Path data) {
        return data.resolve("axonserver.address");
    }

    private void leaveAddress(Path file, String address) {
        try {
            Files.writeString(file, address);
            running.push(() -> Files.deleteIfExists(file));
        } catch (IOException unwritable) {
            throw new CannotStartException("Cannot write " + file.toAbsolutePath() + ". Make the folder writable, or choose another with JANGTER_DATA.");
        }
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
