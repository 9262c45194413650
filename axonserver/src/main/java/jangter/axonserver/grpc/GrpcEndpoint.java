package jangter.axonserver.grpc;

import io.axoniq.axonserver.grpc.control.NodeInfo;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import jangter.axonserver.processors.Processors;
import jangter.axonserver.routing.CommandRouter;
import jangter.axonserver.routing.QueryRouter;
import jangter.axonserver.scheduling.EventScheduler;
import jangter.axonserver.store.EventStore;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The gRPC port, and a way in beside it for clients in the same JVM. Calls run on the connection's own thread, or the caller's, and never wait there: what reads the store goes to the readers, what
 * writes it to the store's writer.
 */
public final class GrpcEndpoint implements AutoCloseable {

    /** Reports every lost connection with a stack trace, where clients come and go all day. Held here, since loggers may be collected. */
    private static final Logger NOISY = Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler");
    public static final String NODE_NAME = "development";
    private static final long CLOSE_MILLIS = 200;
    /** What messages count as where their size matters, which between objects is nowhere: else each would be made bytes to be counted. */
    private static final long ANY_SIZE = 1024;

    private final Server server;
    private final Server inside;
    private final String name;
    private final EventCalls events;

    private GrpcEndpoint(Server server, Server inside, String name, EventCalls events) {
        this.server = server;
        this.inside = inside;
        this.name = name;
        this.events = events;
    }

    public record Parts(EventStore store, CommandRouter commands, QueryRouter queries, Processors processors,
                        EventScheduler scheduler, Executor readers) {
    }

    /**
     * @param token       that every call has to bring, {@code null} for none
     * @param certificate PEM file for TLS, with its key; {@code null} for plain text
     */
    public static GrpcEndpoint start(InetSocketAddress address, @Nullable String token, @Nullable Path certificate, @Nullable Path key,
                                     Parts parts) throws IOException {
        NodeInfo[] node = {NodeInfo.newBuilder().setNodeName(NODE_NAME).setHostName(address.getHostString()).build()};
        NOISY.setLevel(Level.SEVERE);
        EventCalls events = new EventCalls(parts.store(), parts.readers(), new Admission(Runtime.getRuntime().maxMemory() / 8));
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address)
                .permitKeepAliveTime(1, TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true)
                .keepAliveTime(10, TimeUnit.SECONDS)
                .keepAliveTimeout(10, TimeUnit.SECONDS)
                .flowControlWindow(1024 * 1024);
        if (certificate != null && key != null) {
            builder.useTransportSecurity(certificate.toFile(), key.toFile());
        }
        Consumer<ServerBuilder<?>> everything = each -> each.directExecutor()
                .intercept(new Access(token))
                .addService(new PlatformCalls(parts.processors(), () -> node[0]))
                .addService(new CommandCalls(parts.commands()))
                .addService(new QueryCalls(parts.queries()))
                .addService(events.service())
                .addService(new SchedulerCalls(parts.scheduler()))
                .addService(new ProcessorAdminCalls(parts.processors()));
        everything.accept(builder);
        Server server = builder.build();
        server.start();
        node[0] = node[0].toBuilder().setGrpcPort(server.getPort()).build();
        String name = InProcessServerBuilder.generateName();
        InProcessServerBuilder inside = InProcessServerBuilder.forName(name);
        everything.accept(inside);
        return new GrpcEndpoint(server, inside.build().start(), name, events);
    }

    public int port() {
        return server.getPort();
    }

    /** A channel to this very server, over which messages pass as the objects that they are. */
    public ManagedChannelBuilder<?> inProcess() {
        return InProcessChannelBuilder.forName(name).assumedMessageSize(ANY_SIZE).disableRetry();
    }

    /** Ends all event streams, since the store was emptied under them. */
    public void endEventStreams() {
        events.endTails();
    }

    @Override
    public void close() {
        List<Server> both = List.of(server, inside);
        both.forEach(Server::shutdown);
        try {
            for (Server one : both) {
                if (!one.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
                    one.shutdownNow().awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            both.forEach(Server::shutdownNow);
        }
    }
}
