package jangter.axonserver;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/**
 * The server as a process of its own. It is told how to run by the environment: JANGTER_AXONSERVER_HOST, _PORT, _HTTP_PORT, _DATA (a
 * folder), _TOKEN, _TLS_CERT and _TLS_KEY (PEM files), _PURGEABLE (whether DELETE /v1/devmode/purge-events empties the store).
 */
public final class DevelopmentAxonServerMain {

    private static final String PREFIX = "JANGTER_AXONSERVER_";

    private DevelopmentAxonServerMain() {
    }

    public static void main(String[] arguments) throws InterruptedException {
        try {
            DevelopmentAxonServer server = DevelopmentAxonServer.start(settings(System.getenv()));
            CountDownLatch stopped = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                server.close();
                stopped.countDown();
            }));
            System.out.printf("""
                    Jangter's development server for the Axon Server protocol. Not for production: there, run Axon Server.
                    gRPC %s, HTTP http://%s:%d/actuator/health%n""", server.address(), server.host(), server.httpPort());
            stopped.await();
        } catch (CannotStartException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    static Settings settings(Map<String, String> environment) {
        Settings settings = Settings.onFolder(Path.of(read(environment, "DATA", "./data/axonserver", Function.identity())))
                .withPort(read(environment, "PORT", String.valueOf(Settings.DEFAULT_PORT), Integer::valueOf))
                .withHttpPort(read(environment, "HTTP_PORT", String.valueOf(Settings.DEFAULT_HTTP_PORT), Integer::valueOf))
                .withPurgeable(read(environment, "PURGEABLE", "false", Boolean::valueOf));
        if (has(environment, "HOST")) {
            settings = settings.withHost(environment.get(PREFIX + "HOST"));
        }
        if (has(environment, "TOKEN")) {
            settings = settings.withAccessToken(environment.get(PREFIX + "TOKEN"));
        }
        if (has(environment, "TLS_CERT") != has(environment, "TLS_KEY")) {
            throw new CannotStartException("Set both %1$sTLS_CERT and %1$sTLS_KEY, or neither.".formatted(PREFIX));
        }
        if (has(environment, "TLS_CERT")) {
            settings = settings.withTls(Path.of(environment.get(PREFIX + "TLS_CERT")), Path.of(environment.get(PREFIX + "TLS_KEY")));
        }
        return settings;
    }

    private static boolean has(Map<String, String> environment, String name) {
        return !environment.getOrDefault(PREFIX + name, "").isEmpty();
    }

    private static <T> T read(Map<String, String> environment, String name, String otherwise, Function<String, T> reading) {
        String value = has(environment, name) ? environment.get(PREFIX + name) : otherwise;
        try {
            return reading.apply(value);
        } catch (IllegalArgumentException e) {
            throw new CannotStartException("%s%s is %s, which it cannot be. Correct it, or leave it out for %s."
                    .formatted(PREFIX, name, value, otherwise), e);
        }
    }
}
