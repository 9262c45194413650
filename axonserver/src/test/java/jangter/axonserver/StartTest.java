package jangter.axonserver;

import jangter.axonserver.junit.DevelopmentAxonServerExtension;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Isolated("measures how long a start takes")
class StartTest {

    @RegisterExtension
    static DevelopmentAxonServerExtension axonServer = DevelopmentAxonServerExtension.inMemory().emptiedBeforeEach();

    @TempDir
    Path folder;

    @Test
    void a_taken_port_is_refused_with_what_to_do() {
        assertThatThrownBy(() -> DevelopmentAxonServer.start(Settings.inMemory().withPort(axonServer.server().port())))
                .isInstanceOf(CannotStartException.class)
                .hasMessageMatching("Cannot listen on 127.0.0.1:\\d+ .*Stop it, or choose another.*")
                .message().doesNotContain("\n");
    }

    @Test
    void a_taken_http_port_is_refused_and_nothing_stays_behind() {
        try (DevelopmentAxonServer other = DevelopmentAxonServer.start(Settings.inMemory().withHttpPort(0))) {
            assertThatThrownBy(() -> DevelopmentAxonServer.start(Settings.onFolder(folder).withHttpPort(other.httpPort())))
                    .isInstanceOf(CannotStartException.class);
        }
        DevelopmentAxonServer.start(Settings.onFolder(folder)).close();
    }

    @Test
    void a_folder_in_use_is_refused() {
        try (DevelopmentAxonServer first = DevelopmentAxonServer.start(Settings.onFolder(folder))) {
            assertThat(first.address()).startsWith("127.0.0.1:");
            assertThatThrownBy(() -> DevelopmentAxonServer.start(Settings.onFolder(folder)))
                    .isInstanceOf(CannotStartException.class).hasMessageContaining("Another server is using the folder");
        }
    }

    @Test
    void a_foreign_file_is_refused() throws Exception {
        Files.writeString(folder.resolve("events.db"), "not a database at all, but long enough to have a header ".repeat(5));

        assertThatThrownBy(() -> DevelopmentAxonServer.start(Settings.onFolder(folder)))
                .isInstanceOf(CannotStartException.class).hasMessageContaining("is not an event store");
    }

    @Test
    void events_that_got_damaged_are_an_error_of_the_store_and_not_given_out() throws Exception {
        try (DevelopmentAxonServer server = DevelopmentAxonServer.start(Settings.onFolder(folder));
             Connector client = Connector.to(server.address(), "test", "client")) {
            client.events().appendEvents(Connector.event("damaged-aggregate", 0)).join();
            // what is not in the index yet is looked at when the server starts
            await().until(() -> indexed() == 1);
        }
        byte[] file = Files.readAllBytes(folder.resolve("events.db"));
        int at = new String(file, StandardCharsets.ISO_8859_1).lastIndexOf("customer-17");
        file[at]++;
        Files.write(folder.resolve("events.db"), file);

        try (DevelopmentAxonServer server = DevelopmentAxonServer.start(Settings.onFolder(folder));
             Connector client = Connector.to(server.address(), "test", "client")) {
            assertThatThrownBy(() -> client.events().openAggregateStream("damaged-aggregate").asStream().toList())
                    .hasStackTraceContaining("AXONIQ-9000").hasStackTraceContaining("damaged");
        }
    }

    private long indexed() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("events.db")); Statement statement = connection.createStatement();
             ResultSet row = statement.executeQuery("SELECT count(*) FROM run")) {
            return row.getLong(1);
        }
    }

    @Test
    void a_missing_certificate_is_refused() {
        assertThatThrownBy(() -> DevelopmentAxonServer.start(Settings.inMemory().withTls(folder.resolve("none.pem"), folder.resolve("none.key"))))
                .isInstanceOf(CannotStartException.class).hasMessageContaining("none.");
    }

    @Test
    void a_durable_store_is_not_emptied_over_http_unless_that_was_allowed() throws Exception {
        try (DevelopmentAxonServer server = DevelopmentAxonServer.start(Settings.onFolder(folder).withHttpPort(0))) {
            HttpResponse<String> response = HttpClient.newHttpClient().send(HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + server.httpPort() + "/v1/devmode/purge-events")).DELETE().build(), HttpResponse.BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(403);
        }
    }

    @Test
    @Order(1)
    void the_extension_empties_the_store_before_each_test_if_asked() {
        try (Connector client = Connector.to(axonServer.address(), "test", "client")) {
            client.events().appendEvents(Connector.event("a", 0)).join();
            assertThat(client.events().getLastToken().join()).isZero();
        }
    }

    @Test
    @Order(2)
    void so_the_next_test_begins_with_an_empty_store() {
        try (Connector client = Connector.to(axonServer.address(), "test", "client")) {
            assertThat(client.events().getLastToken().join()).isEqualTo(-1);
        }
    }

    @Test
    void it_starts_in_under_a_second() {
        // classes are loaded by now: what is left is the start itself
        long start = System.nanoTime();
        try (DevelopmentAxonServer server = DevelopmentAxonServer.start(Settings.onFolder(folder).withHttpPort(0))) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
            assertThat(server.httpPort()).isPositive();
        }
    }

    @Test
    void a_process_is_told_by_its_environment_how_to_run() {
        Settings settings = DevelopmentAxonServerMain.settings(Map.of(
                "JANGTER_AXONSERVER_HOST", "0.0.0.0", "JANGTER_AXONSERVER_PORT", "1", "JANGTER_AXONSERVER_HTTP_PORT", "2",
                "JANGTER_AXONSERVER_DATA", "/data", "JANGTER_AXONSERVER_TOKEN", "secret", "JANGTER_AXONSERVER_TLS_CERT", "c",
                "JANGTER_AXONSERVER_TLS_KEY", "k", "JANGTER_AXONSERVER_PURGEABLE", "true"));

        assertThat(settings).isEqualTo(Settings.onFolder(Path.of("/data")).withHost("0.0.0.0").withPort(1).withHttpPort(2)
                .withAccessToken("secret").withTls(Path.of("c"), Path.of("k")).withPurgeable(true));
    }

    @Test
    void a_process_without_an_environment_listens_on_loopback_and_the_usual_ports() {
        assertThat(DevelopmentAxonServerMain.settings(Map.of()))
                .isEqualTo(Settings.onFolder(Path.of("./data/axonserver")).withPort(8124).withHttpPort(8024));
    }

    @Test
    void a_setting_that_cannot_be_is_refused() {
        assertThatThrownBy(() -> DevelopmentAxonServerMain.settings(Map.of("JANGTER_AXONSERVER_PORT", "many")))
                .isInstanceOf(CannotStartException.class).hasMessageContaining("JANGTER_AXONSERVER_PORT is many");
        assertThatThrownBy(() -> DevelopmentAxonServerMain.settings(Map.of("JANGTER_AXONSERVER_TLS_CERT", "c")))
                .isInstanceOf(CannotStartException.class).hasMessageContaining("Set both");
    }

    @Test
    void a_process_that_cannot_start_says_why_in_one_line_and_fails() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path"), DevelopmentAxonServerMain.class.getName());
        builder.environment().putAll(Map.of("JANGTER_AXONSERVER_PORT", String.valueOf(axonServer.server().port()),
                "JANGTER_AXONSERVER_HTTP_PORT", "0", "JANGTER_AXONSERVER_DATA", folder.toString()));

        Process process = builder.start();

        String error = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(error.lines()).singleElement().asString().startsWith("Cannot listen on 127.0.0.1:");
    }
}
