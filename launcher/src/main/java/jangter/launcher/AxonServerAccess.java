package jangter.launcher;

import io.axoniq.axonserver.connector.AxonServerConnectionFactory;
import io.axoniq.axonserver.connector.impl.ServerAddress;
import io.axoniq.axonserver.grpc.control.ClientIdentification;
import io.axoniq.axonserver.grpc.control.PlatformServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.stub.MetadataUtils;
import java.io.File;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.PropertyResolver;
import org.springframework.core.env.StandardEnvironment;

/**
 * Where Axon Server is, and what it wants to be shown: the settings that Axon itself reads, for what looks at Axon Server without Axon.
 *
 * @param servers addresses with commas between them
 * @param token the access token, if it wants one
 * @param certificate the file with whose certificates TLS is checked; {@code null} for those that the JDK trusts
 */
record AxonServerAccess(String servers, @Nullable String token, boolean tls, @Nullable String certificate) {

    private static final int USUAL_PORT = 8124;
    /** A process that starts beside many others may take seconds for its first call. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("AxonIQ-Access-Token", Metadata.ASCII_STRING_MARSHALLER);

    static AxonServerAccess of(String servers, PropertyResolver settings) {
        return new AxonServerAccess(servers, settings.getProperty("axon.axonserver.token"),
                settings.getProperty("axon.axonserver.ssl-enabled", Boolean.class, false), settings.getProperty("axon.axonserver.cert-file"));
    }

    /** As the environment and the JVM's own properties tell, for what runs without Spring. */
    static AxonServerAccess ofEnvironment(String servers) {
        StandardEnvironment environment = new StandardEnvironment();
        ConfigurationPropertySources.attach(environment);
        return of(servers, environment);
    }

    AxonServerConnectionFactory connector(String client) {
        AxonServerConnectionFactory.Builder builder = AxonServerConnectionFactory.forClient(client)
                .routingServers(addresses().toArray(ServerAddress[]::new));
        if (token != null) {
            builder.token(token);
        }
        if (tls) {
            builder.useTransportSecurity(trust());
        }
        return builder.build();
    }

    /**
     * Asks one of the servers to let us in.
     *
     * @throws CannotStartException if it does not, in one line that tells why
     */
    void mustBeLetIn(Duration wait) {
        long end = System.nanoTime() + wait.toNanos();
        Status answer = ask();
        while (answer.getCode() == Status.Code.UNAVAILABLE && System.nanoTime() < end) {
            ShopClient.pause(PAUSE);
            answer = ask();
        }
        switch (answer.getCode()) {
            case UNAUTHENTICATED, PERMISSION_DENIED -> throw new CannotStartException("Axon Server at " + servers
                    + (token == null ? " wants an access token. Set AXON_AXONSERVER_TOKEN." : " refuses the access token. Correct AXON_AXONSERVER_TOKEN."));
            case UNAVAILABLE -> throw new CannotStartException("Axon Server at " + servers + " is there and cannot be spoken to "
                    + (tls ? "over TLS" : "without TLS") + ". Check AXON_AXONSERVER_SSLENABLED and AXON_AXONSERVER_CERTFILE.");
            default -> { }
        }
    }

    private Status ask() {
        Status last = Status.UNAVAILABLE;
        for (ServerAddress address : addresses()) {
            last = ask(address);
            if (last.getCode() != Status.Code.UNAVAILABLE) {
                return last;
            }
        }
        return last;
    }

    private Status ask(ServerAddress address) {
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(address.getHostName(), address.getGrpcPort());
        ManagedChannel channel = (tls ? builder.sslContext(trust()) : builder.usePlaintext()).build();
        Metadata shown = new Metadata();
        if (token != null) {
            shown.put(TOKEN, token);
        }
        try {
            PlatformServiceGrpc.newBlockingStub(channel).withInterceptors(MetadataUtils.newAttachHeadersInterceptor(shown))
                    .withDeadlineAfter(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .getPlatformServer(ClientIdentification.newBuilder().setClientId("jangter-preflight").setComponentName("jangter-preflight").build());
            return Status.OK;
        } catch (StatusRuntimeException refused) {
            return refused.getStatus();
        } finally {
            channel.shutdownNow();
        }
    }

    private SslContext trust() {
        try {
            return (certificate == null ? GrpcSslContexts.forClient() : GrpcSslContexts.forClient().trustManager(new File(certificate))).build();
        } catch (SSLException | IllegalArgumentException unusable) {
            throw new CannotStartException("AXON_AXONSERVER_CERTFILE is " + certificate + ", which is no readable file of PEM certificates.");
        }
    }

    private List<ServerAddress> addresses() {
        return Arrays.stream(servers.split(",")).map(String::strip).map(AxonServerAccess::address).toList();
    }

    private static ServerAddress address(String server) {
        int colon = server.lastIndexOf(':');
        return colon < 0 ? new ServerAddress(server, USUAL_PORT)
                : new ServerAddress(server.substring(0, colon), Integer.parseInt(server.substring(colon + 1)));
    }

    /** The token is nobody's business. */
    @Override
    public String toString() {
        return servers;
    }
}
