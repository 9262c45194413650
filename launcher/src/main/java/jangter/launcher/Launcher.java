package jangter.launcher;

import jangter.axonserver.DevelopmentAxonServerMain;
import jangter.launcher.issuer.IssuerServer;
import jangter.launcher.issuer.UnusableKeyException;
import jangter.platform.Platform;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import reactor.netty.ReactorNetty;

/**
 * The command line: {@code jangter} starts everything in one JVM, {@code jangter order} one service alone, {@code jangter axonserver},
 * {@code jangter mongo} or {@code jangter issuer} a development server, {@code jangter demo} plays four orders against a running system,
 * {@code jangter check} counts its money, stock and coupons.
 */
public final class Launcher {

    static final String AXON_SERVERS = "axon.axonserver.servers";
    static final String MONGO_URI = "spring.mongodb.uri";
    static final String ISSUER_URI = "spring.security.oauth2.resourceserver.jwt.issuer-uri";
    static final String KEYS_URI = "spring.security.oauth2.resourceserver.jwt.jwk-set-uri";
    /** Whether anyone who asks may have a token: true unless an issuer is named. */
    private static final String DEV_TOKENS = "jangter.dev.tokens";
    private static final int EVERYTHING_PORT = 8080;

    private static final String HELP = """
            ./run                     everything in one JVM, on http://127.0.0.1:8080
            ./run order               one service alone: order, payment, inventory, coupon, saga or console
            ./run axonserver          a development server for the services that run alone: axonserver, mongo or issuer
            ./run demo                four orders against a running system, and what became of them
            ./run check               counts a running system's money, stock and coupons from its events
            ./run chaos --minutes 2   the same while processes are killed, paused and cut off (--seed, --report)
            ./run bench               measures it (--scenario, --seconds, --no-yardsticks, --compare before.json after.json)

            Settings are environment variables (JANGTER_PORT, JANGTER_DATA, JAVA_OPTS) or --name=value; README.md tells them all.
            """;

    /** What any combination of services runs in. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({WrongClock.class, Platform.class})
    static class Runtime {
    }

    private Launcher() {
    }

    public static void main(String[] arguments) throws InterruptedException {
        System.setProperty("axoniq.update-checker.disabled", "true");
        // until Spring sets up its own, and for the commands that do without it
        LoggingSystem.get(Launcher.class.getClassLoader()).setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.ERROR);
        try {
            String what = arguments.length == 0 ? "" : arguments[0];
            String[] rest = arguments.length == 0 ? arguments : Arrays.copyOfRange(arguments, 1, arguments.length);
            switch (what) {
                case "" -> start(List.of(Service.values()), EVERYTHING_PORT, rest);
                case "axonserver" -> DevelopmentAxonServerMain.main(rest);
                case "mongo" -> DevelopmentMongo.main(rest);
                case "issuer" -> issueTokens();
                case "demo" -> Demo.main(rest);
                case "check" -> Check.main(rest);
                case "chaos" -> Chaos.main(rest);
                case "help", "--help", "-h" -> System.out.print(HELP);
                default -> {
                    if (what.startsWith("--")) {
                        start(List.of(Service.values()), EVERYTHING_PORT, arguments);
                    } else {
                        Service service = Service.named(what).orElseThrow(() -> new CannotStartException("There is no \"" + what
                                + "\" to run. Choose one of " + Service.names() + ", axonserver, mongo, issuer, demo, check, chaos, or nothing for everything at once."));
                        start(List.of(service), service.port(), rest);
                    }
                }
            }
        } catch (CannotStartException cannot) {
            System.err.println(cannot.getMessage());
            System.exit(1);
        }
    }

    /** Starts those services in this JVM. They stop with it. */
    static ConfigurableApplicationContext start(List<Service> services, int port, String... arguments) {
        long begun = System.nanoTime();
        leaveRoomBesideHttp();
        EmbeddedParts parts = new EmbeddedParts();
        SpringApplication application = new SpringApplication(Runtime.class);
        application.addPrimarySources(List.of(TryIt.class));
        application.addPrimarySources(services.stream().<Class<?>>map(Service::configuration).toList());
        boolean everything = services.size() > 1;
        Map<String, Object> defaults = new HashMap<>();
        defaults.put("spring.application.name", everything ? "jangter" : "jangter-" + services.get(0).serviceName());
        defaults.put("jangter.port", port);
        if (everything) {
            // nobody shares them: each segment writes, and moves its token, for itself
            defaults.put("jangter.messaging.segments", 1);
        }
        if (services.equals(List.of(Service.CONSOLE))) {
            // alone, it finds each of the others where that listens when it is alone
            Arrays.stream(Service.values()).filter(other -> other != Service.CONSOLE)
                    .forEach(other -> defaults.put("jangter.console.services." + other.serviceName(), "http://127.0.0.1:" + other.port()));
        }
        application.setDefaultProperties(defaults);
        application.setLogStartupInfo(false);
        application.addInitializers(context -> prepare((GenericApplicationContext) context, everything, parts));
        // after the context: what is still to be written when it closes needs its servers
        SpringApplication.getShutdownHandlers().add(parts::close);
        try {
            ConfigurableApplicationContext context = application.run(arguments);
            tellThatItIsUp(context, services, begun);
            return context;
        } catch (RuntimeException failure) {
            throw inOneLine(failure);
        }
    }

    /**
     * As many threads for HTTP as there are processors. There would be four at least, and a busy machine shares its time by the number of
     * threads: on a small one a rush that is sent away would have too much of it.
     */
    private static void leaveRoomBesideHttp() {
        if (System.getProperty(ReactorNetty.IO_WORKER_COUNT) == null) {
            System.setProperty(ReactorNetty.IO_WORKER_COUNT, String.valueOf(java.lang.Runtime.getRuntime().availableProcessors()));
        }
    }

    private static void prepare(GenericApplicationContext context, boolean everything, EmbeddedParts parts) {
        ConfigurableEnvironment environment = context.getEnvironment();
        Preflight.portIsFree(environment.getProperty("server.address", "127.0.0.1"), environment.getRequiredProperty("server.port", int.class));
        Path data = Path.of(environment.getRequiredProperty("jangter.data"));
        Duration wait = environment.getRequiredProperty("jangter.wait-for-servers", Duration.class);
        String axonServers = environment.getProperty(AXON_SERVERS);
        String mongoUri = environment.getProperty(MONGO_URI);
        boolean trialTokens = givesTrialTokens(environment, everything);
        EmbeddedSettings embedded = Binder.get(environment).bindOrCreate("jangter.embedded", EmbeddedSettings.class);
        if (everything && (axonServers == null || mongoUri == null || trialTokens)) {
            Preflight.folderIsWritable(data);
        }
        if (axonServers != null || !everything) {
            Preflight.axonServerAnswers(AxonServerAccess.of(axonServers == null ? "127.0.0.1" : axonServers, environment), wait);
        } else {
            parts.startAxonServer(data, embedded, context);
        }
        if (mongoUri != null || !everything) {
            Preflight.mongoAnswers(mongoUri == null ? "mongodb://127.0.0.1" : mongoUri, wait);
        } else {
            parts.startMongo(data, embedded, context);
        }
        if (trialTokens) {
            environment.getPropertySources().addLast(new MapPropertySource("trying out",
                    Map.of("jangter.console.trial-tokens", true, "jangter.console.try-it", axonServers == null)));
            parts.startIssuer(data, context);
        } else if (environment.getProperty(ISSUER_URI) == null) {
            parts.useIssuer(Preflight.usualIssuerAnswers(wait));
        }
        environment.getPropertySources().addFirst(new MapPropertySource("embedded parts", parts.addresses()));
    }

    /** The default without any set-up, and nothing that a system with a real issuer, or one that others can reach, may do. */
    private static boolean givesTrialTokens(ConfigurableEnvironment environment, boolean everything) {
        boolean issuerNamed = environment.getProperty(ISSUER_URI) != null;
        boolean wanted = environment.getProperty(DEV_TOKENS, Boolean.class, everything && !issuerNamed);
        if (!issuerNamed && environment.getProperty(KEYS_URI) != null) {
            throw new CannotStartException("Keys without their issuer: set SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUERURI too.");
        }
        if (wanted && issuerNamed) {
            throw new CannotStartException("JANGTER_DEV_TOKENS gives tokens to anyone who asks, which cannot be beside the issuer "
                    + environment.getProperty(ISSUER_URI) + ". Leave out one of the two.");
        }
        if (wanted && !everything) {
            throw new CannotStartException("JANGTER_DEV_TOKENS is for everything in one JVM. Start ./run issuer beside services that run apart.");
        }
        if (!wanted && everything && !issuerNamed) {
            throw new CannotStartException("Nobody issues tokens. Name the issuer with SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUERURI.");
        }
        if (wanted) {
            Preflight.isLoopback(environment.getProperty("server.address", "127.0.0.1"));
        }
        return wanted;
    }

    private static void issueTokens() {
        Path data = Path.of(Objects.requireNonNullElse(System.getenv("JANGTER_DATA"), "./data"));
        String port = Objects.requireNonNullElse(System.getenv("JANGTER_PORT"), String.valueOf(IssuerServer.USUAL_PORT));
        if (!port.matches("[1-9]\\d{0,4}")) {
            throw new CannotStartException("JANGTER_PORT is " + port + ", which is no port.");
        }
        Preflight.portIsFree(IssuerServer.HOST, Integer.parseInt(port));
        try (IssuerServer issuer = IssuerServer.start(data, Integer.parseInt(port))) {
            System.out.println("Jangter's development issuer on " + issuer.uri() + ": POST /dev/tokens. Ctrl-C stops.");
            issuer.await();
        } catch (UnusableKeyException cannot) {
            throw new CannotStartException(cannot.getMessage());
        }
    }

    private static void tellThatItIsUp(ConfigurableApplicationContext context, List<Service> services, long begun) {
        int port = ((WebServerApplicationContext) context).getWebServer().getPort();
        String address = "http://" + context.getEnvironment().getProperty("server.address") + ":" + port;
        System.out.printf("%s up on %s after %.1f s. API: %s/docs  %shealth: %s/actuator/health  Ctrl-C stops.%n",
                String.join(", ", services.stream().map(Service::serviceName).toList()), address, (System.nanoTime() - begun) / 1e9, address,
                services.contains(Service.CONSOLE) ? "console: " + address + "/console  " : "", address);
    }

    /** The cause that whoever starts this can do something about, in a line. */
    private static CannotStartException inOneLine(RuntimeException failure) {
        Throwable cause = failure;
        String setting = "";
        while (cause.getCause() != null && !(cause instanceof CannotStartException)) {
            if (cause instanceof BindException unusable) {
                setting = "The setting " + unusable.getName() + " cannot be used: ";
            }
            cause = cause.getCause();
        }
        return cause instanceof CannotStartException known ? known : new CannotStartException(
                "Cannot start. " + (setting.isEmpty() ? cause.toString() : setting + cause.getMessage()) + " (JAVA_OPTS=-Dlogging.level.root=info tells more.)");
    }
}
