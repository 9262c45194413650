package jangter.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jangter.axonserver.DevelopmentAxonServer;
import jangter.axonserver.Settings;
import jangter.axonserver.junit.SelfSignedCertificate;
import jangter.launcher.issuer.IssuerServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An Axon Server that speaks TLS alone and wants an access token. */
class GuardedAxonServerTest {

    private static final String TOKEN = "open-sesame-7d1f";

    @TempDir
    static Path folder;

    private static SelfSignedCertificate tls;
    private static DevelopmentAxonServer axonServer;

    @BeforeAll
    static void start() {
        tls = SelfSignedCertificate.in(folder);
        axonServer = DevelopmentAxonServer.start(Settings.inMemory().withAccessToken(TOKEN).withTls(tls.certificate(), tls.key()));
    }

    @AfterAll
    static void stop() {
        axonServer.close();
    }

    @Test
    void a_service_with_the_token_and_the_certificate_works() {
        try (DevelopmentMongo mongo = DevelopmentMongo.start(folder.resolve("data"), 0, EmbeddedSettings.Views.FILE);
                IssuerServer issuer = IssuerServer.start(folder.resolve("data"), JangterProcess.freePort());
                JangterProcess inventory = process(Map.of("SPRING_MONGODB_URI", mongo.uri(), "AXON_AXONSERVER_TOKEN", TOKEN,
                        "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUERURI", issuer.uri()), "inventory").awaitHealthy()) {
            ShopClient shop = new ShopClient(path -> inventory.address(), () -> UUID.randomUUID().toString(), new TrialTokens(issuer.uri()));
            String product = shop.registerProduct("Melon", 100, 10);

            assertThat(shop.get("alice", "/products/" + product).get("stock").asInt()).isEqualTo(10);
            assertThat(new Check(access(TOKEN)).read(System.out).events()).isPositive();
            assertThat(inventory.output()).doesNotContain(TOKEN);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"order", "saga", "check"})
    void with_a_wrong_token_nothing_starts_and_the_token_is_not_told(String service) {
        assertFailsWith("Axon Server at " + axonServer.address() + " refuses the access token. Correct AXON_AXONSERVER_TOKEN.",
                process(Map.of("AXON_AXONSERVER_TOKEN", "open-barley"), service));
    }

    @Test
    void without_a_token_nothing_starts() {
        assertFailsWith("Axon Server at " + axonServer.address() + " wants an access token. Set AXON_AXONSERVER_TOKEN.", process(Map.of(), "order"));
    }

    @Test
    void without_tls_nothing_starts() {
        assertFailsWith("cannot be spoken to without TLS. Check AXON_AXONSERVER_SSLENABLED",
                process(Map.of("AXON_AXONSERVER_TOKEN", TOKEN, "AXON_AXONSERVER_SSLENABLED", "false"), "order"));
    }

    @Test
    void a_server_with_another_certificate_is_not_shown_the_token(@TempDir Path elsewhere) {
        String other = SelfSignedCertificate.in(elsewhere).certificate().toString();

        assertThatThrownBy(() -> new AxonServerAccess(axonServer.address(), TOKEN, true, other).mustBeLetIn(Duration.ZERO))
                .isInstanceOf(CannotStartException.class).hasMessageContaining("cannot be spoken to over TLS");
    }

    @Test
    void a_certificate_that_is_none_is_told() {
        String none = folder.resolve("none.pem").toString();

        assertThatThrownBy(() -> new AxonServerAccess(axonServer.address(), TOKEN, true, none).mustBeLetIn(Duration.ZERO))
                .isInstanceOf(CannotStartException.class).hasMessageContaining("AXON_AXONSERVER_CERTFILE is " + none);
    }

    @Test
    void the_token_is_not_part_of_what_is_told_of_an_access() {
        assertThat(access(TOKEN)).asString().isEqualTo(axonServer.address());
    }

    private static AxonServerAccess access(String token) {
        return new AxonServerAccess(axonServer.address(), token, true, tls.certificate().toString());
    }

    private static JangterProcess process(Map<String, String> settings, String what) {
        Map<String, String> environment = new HashMap<>(Map.of("AXON_AXONSERVER_SERVERS", axonServer.address(), "AXON_AXONSERVER_SSLENABLED", "true",
                "AXON_AXONSERVER_CERTFILE", tls.certificate().toString(), "JANGTER_WAITFORSERVERS", "2s"));
        environment.putAll(settings);
        int port = JangterProcess.freePort();
        return JangterProcess.start(ArchivedClasses.get(), folder.resolve(what + "-" + port + ".txt"), port, environment, what);
    }

    private static void assertFailsWith(String line, JangterProcess process) {
        try (process) {
            assertThat(process.awaitExit()).isNotZero();
            assertThat(process.output().lines().filter(told -> told.contains(line))).hasSize(1);
            assertThat(process.output()).doesNotContain("open-", "\tat ");
        }
    }
}
