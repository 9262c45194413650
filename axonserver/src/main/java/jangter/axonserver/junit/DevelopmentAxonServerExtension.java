package jangter.axonserver.junit;

import jangter.axonserver.DevelopmentAxonServer;
import jangter.axonserver.Settings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives a test class a server of its own, on a free port.
 *
 * <pre>{@code
 * @RegisterExtension
 * static DevelopmentAxonServerExtension axonServer = DevelopmentAxonServerExtension.inMemory();
 *
 * @DynamicPropertySource
 * static void properties(DynamicPropertyRegistry registry) {
 *     registry.add(DevelopmentAxonServerExtension.SERVERS_PROPERTY, axonServer::address);
 * }
 * }</pre>
 */
public final class DevelopmentAxonServerExtension implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {

    /** The property that tells Axon's Spring Boot starter where Axon Server is. */
    public static final String SERVERS_PROPERTY = "axon.axonserver.servers";

    private final Settings settings;
    private final boolean emptiedBeforeEach;
    private @Nullable DevelopmentAxonServer server;

    private DevelopmentAxonServerExtension(Settings settings, boolean emptiedBeforeEach) {
        this.settings = settings;
        this.emptiedBeforeEach = emptiedBeforeEach;
    }

    public static DevelopmentAxonServerExtension inMemory() {
        return with(Settings.inMemory());
    }

    public static DevelopmentAxonServerExtension with(Settings settings) {
        return new DevelopmentAxonServerExtension(settings, false);
    }

    /** Every test begins with an empty store. Event processors that already run keep the positions they have. */
    public DevelopmentAxonServerExtension emptiedBeforeEach() {
        return new DevelopmentAxonServerExtension(settings, true);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        started();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (emptiedBeforeEach) {
            started().clear();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (server != null) {
            server.close();
            server = null;
        }
    }

    /** The value for {@link #SERVERS_PROPERTY}; starts the server if a context asks before the test class begins. */
    public String address() {
        return started().address();
    }

    public DevelopmentAxonServer server() {
        return started();
    }

    private synchronized DevelopmentAxonServer started() {
        if (server == null) {
            server = DevelopmentAxonServer.start(settings);
        }
        return server;
    }
}
