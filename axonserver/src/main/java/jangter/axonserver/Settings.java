package jangter.axonserver;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How a server is to run. Ports: 0 takes a free one.
 *
 * @param host            the address to listen on; others than the loopback one open the server to the network
 * @param port            gRPC
 * @param httpPort        -1 for no HTTP
 * @param folder          where events are kept; {@code null} for memory
 * @param accessToken     what clients have to bring ({@code axon.axonserver.token}); {@code null} for none
 * @param certificate     PEM file for TLS on the gRPC port, with its {@code key}; {@code null} for plain text
 * @param commandPatience after which an unanswered command is answered with an error
 * @param purgeable       whether the store may be emptied over HTTP
 */
public record Settings(String host, int port, int httpPort, @Nullable Path folder, @Nullable String accessToken,
                       @Nullable Path certificate, @Nullable Path key, Duration commandPatience, boolean purgeable) {

    public static final int DEFAULT_PORT = 8124;
    public static final int DEFAULT_HTTP_PORT = 8024;

    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    /** A free port, no HTTP, and nothing left when it closes. */
    public static Settings inMemory() {
        return new Settings(LOOPBACK, 0, -1, null, null, null, null, FIVE_MINUTES, true);
    }

    /** A free port, no HTTP, and everything kept in the folder. */
    public static Settings onFolder(Path folder) {
        return new Settings(LOOPBACK, 0, -1, folder, null, null, null, FIVE_MINUTES, false);
    }

    public Settings withHost(String host) {
        return new Settings(host, port, httpPort, folder, accessToken, certificate, key, commandPatience, purgeable);
    }

    public Settings withPort(int port) {
        return new Settings(host, port, httpPort, folder, accessToken, certificate, key, commandPatience, purgeable);
    }

    public Settings withHttpPort(int httpPort) {
        return new Settings(host, port, httpPort, folder, accessToken, certificate, key, commandPatience, purgeable);
    }

    public Settings withAccessToken(String accessToken) {
        return new Settings(host, port, httpPort, folder, accessToken, certificate, key, commandPatience, purgeable);
    }

    public Settings withTls(Path certificate, Path key) {
        return new Settings(host, port, httpPort, folder, accessToken, certificate, key, commandPatience, purgeable);
    }

    public Settings withCommandPatience(Duration commandPatience) {
        return new Settings(host, port, httpPort, folder, accessToken, certificate, key, commandPatience, purgeable);
    }

    public Settings withPurgeable(boolean purgeable) {
        return new Settings(host, port, httpPort, folder, accessToken, certificate, key, commandPatience, purgeable);
    }
}
