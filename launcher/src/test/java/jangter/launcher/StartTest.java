package jangter.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot start says so in one line, with what to do, and ends with another code than zero. */
class StartTest {

    @TempDir
    Path folder;

    @Test
    void a_taken_port_is_told_in_a_line() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertFailsWith("Cannot listen on 127.0.0.1:" + taken.getLocalPort(), "JANGTER_PORT", start(taken.getLocalPort(), Map.of()));
        }
    }

    @Test
    void an_unwritable_folder_is_told_in_a_line() throws IOException {
        Path file = Files.createFile(folder.resolve("a-file"));

        assertFailsWith("Cannot write to the data folder", "JANGTER_DATA",
                start(JangterProcess.freePort(), Map.of("JANGTER_DATA", file.resolve("data").toString())));
    }

    @Test
    void an_unreachable_axon_server_is_told_in_a_line() {
        assertFailsWith("Axon Server does not answer at 127.0.0.1:1", "AXON_AXONSERVER_SERVERS", start(JangterProcess.freePort(),
                Map.of("AXON_AXONSERVER_SERVERS", "127.0.0.1:1", "JANGTER_WAIT_FOR_SERVERS", "1s"), "order"));
    }

    @Test
    void an_unreachable_mongo_is_told_in_a_line() {
        assertFailsWith("MongoDB does not answer at 127.0.0.1:1", "SPRING_MONGODB_URI", start(JangterProcess.freePort(),
                Map.of("SPRING_MONGODB_URI", "mongodb://127.0.0.1:1", "JANGTER_DATA", folder.resolve("data").toString(),
                        "JANGTER_WAIT_FOR_SERVERS", "1s")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mongodb://shop:s3cret@127.0.0.1:1", "mongodb://shop:s3cret/w0rd@127.0.0.1:1", "mongodb://shop:s3cret@w0rd@127.0.0.1:1",
        "mongodb://shop:s3cret:w0rd@127.0.0.1:x", "mongo://shop:s3cret@127.0.0.1", "shop:s3cret@127.0.0.1", "mongodb://s3cret:1:1"})
    void what_does_not_work_of_a_mongos_address_is_told_without_its_password(String uri) {
        assertThatThrownBy(() -> Preflight.mongoAnswers(uri, Duration.ZERO)).isInstanceOf(CannotStartException.class)
                .message().containsAnyOf("SPRING_MONGODB_URI is no MongoDB address", "MongoDB does not answer at 127.0.0.1:1")
                .doesNotContain("s3cret", "w0rd");
    }

    @Test
    void a_password_is_not_told_by_what_cannot_start() {
        assertFailsWith("SPRING_MONGODB_URI is no MongoDB address", "mongodb://user:password@host:port", start(JangterProcess.freePort(),
                Map.of("SPRING_MONGODB_URI", "mongodb://shop:s3cret/w0rd@127.0.0.1:1", "JANGTER_DATA", folder.resolve("data").toString())), "s3cret");
    }

    @Test
    void a_service_that_there_is_not_is_told_in_a_line() {
        assertFailsWith("There is no \"delivery\" to run", "order, payment, inventory, coupon, saga", start(JangterProcess.freePort(), Map.of(), "delivery"));
    }

    @Test
    void a_setting_that_makes_no_sense_is_told_in_a_line() {
        assertFailsWith("Cannot start", "jangter.messaging.command-timeout", start(JangterProcess.freePort(),
                Map.of("JANGTER_MESSAGING_COMMANDTIMEOUT", "soon", "JANGTER_DATA", folder.resolve("data").toString())));
    }

    @Test
    void tokens_for_anyone_beside_a_real_issuer_are_told_in_a_line() {
        assertFailsWith("cannot be beside the issuer https://id.example", "JANGTER_DEV_TOKENS", start(JangterProcess.freePort(),
                Map.of("JANGTER_DEV_TOKENS", "true", "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUERURI", "https://id.example",
                        "JANGTER_DATA", folder.resolve("data").toString())));
    }

    @Test
    void tokens_for_anyone_within_reach_of_others_are_told_in_a_line() {
        assertFailsWith("anyone who reaches 0.0.0.0", "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUERURI", start(JangterProcess.freePort(),
                Map.of("JANGTER_HOST", "0.0.0.0", "JANGTER_DATA", folder.resolve("data").toString())));
    }

    @Test
    void who_asks_for_help_is_told_what_there_is_and_nothing_is_started() {
        try (JangterProcess process = start(JangterProcess.freePort(), Map.of("JANGTER_DATA", folder.resolve("data").toString()), "--help")) {
            assertThat(process.awaitExit()).isZero();
            assertThat(process.output()).contains("./run demo", "./run check", "README.md");
            assertThat(folder.resolve("data")).doesNotExist();
        }
    }

    private JangterProcess start(int port, Map<String, String> environment, String... arguments) {
        return JangterProcess.start(ArchivedClasses.get(), folder.resolve("output.txt"), port, environment, arguments);
    }

    private static void assertFailsWith(String what, String advice, JangterProcess process, String secret) {
        assertFailsWith(what, advice, process);
        assertThat(process.output()).doesNotContain(secret);
    }

    private static void assertFailsWith(String what, String advice, JangterProcess process) {
        try (process) {
            assertThat(process.awaitExit()).isNotZero();
            assertThat(process.output()).contains(what).contains(advice).doesNotContain("\tat ").doesNotContain("Exception in thread");
            assertThat(process.output().lines().filter(line -> line.contains(what))).hasSize(1);
        }
    }
}
