package jangter.axonserver;

import io.grpc.ManagedChannelBuilder;
import jangter.axonserver.grpc.GrpcEndpoint;
import jangter.axonserver.http.HttpEndpoint;
import jangter.axonserver.processors.Processors;
import jangter.axonserver.routing.CommandRouter;
import jangter.axonserver.routing.QueryRouter;
import jangter.axonserver.scheduling.EventScheduler;
import jangter.axonserver.store.EventStore;
import jangter.axonserver.store.InMemoryEventStore;
import jangter.axonserver.store.SqliteEventStore;
import jangter.axonserver.store.UnusableFolderException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The server, in this process. Any Axon application connects to it as to Axon Server, with
 * {@code axon.axonserver.servers} set to its {@link #address()}.
 */
public final class DevelopmentAxonServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DevelopmentAxonServer.class);
    private static final int READERS = 4;

    private final Settings settings;
    private final EventStore store;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(threads("axonserver-timer"));
    private final ExecutorService readers = Executors.newFixedThreadPool(READERS, threads("axonserver-reader"));
    private final EventScheduler scheduler;
    private @Nullable GrpcEndpoint grpc;
    private @Nullable HttpEndpoint http;

    private DevelopmentAxonServer(Settings settings, EventStore store) {
        this.settings = settings;
        this.store = store;
        this.scheduler = new EventScheduler(store, Clock.systemUTC(), timer);
    }

    /** @throws CannotStartException if a port is taken, or the folder cannot be used */
    public static DevelopmentAxonServer start(Settings settings) {
        DevelopmentAxonServer server = new DevelopmentAxonServer(settings, openStore(settings));
        try {
            server.start();
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static EventStore openStore(Settings settings) {
        try {
            return settings.folder() == null ? new InMemoryEventStore() : SqliteEventStore.open(settings.folder());
        } catch (UnusableFolderException e) {
            throw new CannotStartException(e.getMessage(), e);
        }
    }

    private void start() {
        CommandRouter commands = new CommandRouter(settings.commandPatience());
        QueryRouter queries = new QueryRouter();
        Processors processors = new Processors();
        GrpcEndpoint started = listen(settings.port(), address -> GrpcEndpoint.start(address, settings.accessToken(),
                settings.certificate(), settings.key(),
                new GrpcEndpoint.Parts(store, commands, queries, processors, scheduler, readers)));
        grpc = started;
        if (settings.httpPort() >= 0) {
            http = listen(settings.httpPort(), address -> HttpEndpoint.start(address,
                    new HttpEndpoint.Node(GrpcEndpoint.NODE_NAME, settings.host(), started.port()), settings.accessToken(), processors,
                    settings.purgeable() ? this::clear : null));
        }
        timer.scheduleWithFixedDelay(commands::refuseOverdue, 1, 1, TimeUnit.SECONDS);
        timer.scheduleWithFixedDelay(queries::endOverdue, 1, 1, TimeUnit.SECONDS);
        scheduler.start();
        log.info("Development server for the Axon Server protocol on {} ({}). Not for production: there, run Axon Server.",
                address(), settings.folder() == null ? "in memory" : "events in " + settings.folder());
        if (!InetAddress.getLoopbackAddress().getHostAddress().equals(settings.host()) && settings.accessToken() == null) {
            log.warn("Listening on {} without an access token: whoever reaches this port can read and write all events.", settings.host());
        }
    }

    private interface Listening<T> {
        T on(InetSocketAddress address) throws IOException;
    }

    private <T> T listen(int port, Listening<T> listening) {
        try {
            return listening.on(new InetSocketAddress(settings.host(), port));
        } catch (IOException | IllegalArgumentException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CannotStartException(("Cannot listen on %s:%d (%s). Is another server running there? Stop it, or choose another "
                    + "port or address.").formatted(settings.host(), port, cause.getMessage()), e);
        }
    }

    public String host() {
        return settings.host();
    }

    /** gRPC: the port for {@code axon.axonserver.servers}. */
    public int port() {
        return grpc == null ? -1 : grpc.port();
    }

    /** Host and port, as {@code axon.axonserver.servers} takes them. */
    public String address() {
        return settings.host() + ":" + port();
    }

    /**
     * For an application in the same JVM, as the {@code ManagedChannelCustomizer} that its connector asks: to this server it then speaks without a
     * port, and nothing is made bytes that stays here. The port is there all the same.
     */
    public ManagedChannelBuilder<?> inProcess(ManagedChannelBuilder<?> overThePort) {
        return grpc == null ? overThePort : grpc.inProcess();
    }

    /** The events themselves, for an application in the same JVM that wants no wire in between; whoever comes over the port sees the same. */
    public EventStore store() {
        return store;
    }

    /** Likewise, the events that are to be published later. */
    public EventScheduler scheduler() {
        return scheduler;
    }

    /** -1 if there is none. */
    public int httpPort() {
        return http == null ? -1 : http.port();
    }

    /** Empties the store, tokens starting at 0 again, and ends all event streams. For tests. */
    public void clear() {
        store.clear().join();
        if (grpc != null) {
            grpc.endEventStreams();
        }
    }

    @Override
    public void close() {
        if (grpc != null) {
            grpc.close();
        }
        if (http != null) {
            http.close();
        }
        timer.shutdownNow();
        readers.shutdown();
        try {
            if (!readers.awaitTermination(5, TimeUnit.SECONDS)) {
                readers.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        store.close();
    }

    private static ThreadFactory threads(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
