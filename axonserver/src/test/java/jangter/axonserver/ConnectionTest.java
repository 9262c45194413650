package jangter.axonserver;

import io.axoniq.axonserver.connector.AxonServerException;
import io.axoniq.axonserver.connector.ErrorCategory;
import io.axoniq.axonserver.grpc.command.Command;
import io.axoniq.axonserver.grpc.command.CommandResponse;
import io.axoniq.axonserver.grpc.control.ClientIdentification;
import io.axoniq.axonserver.grpc.control.Heartbeat;
import io.axoniq.axonserver.grpc.control.PlatformInboundInstruction;
import io.axoniq.axonserver.grpc.control.PlatformOutboundInstruction;
import io.axoniq.axonserver.grpc.control.PlatformServiceGrpc;
import io.axoniq.axonserver.grpc.event.EventStoreGrpc;
import io.axoniq.axonserver.grpc.event.GetLastTokenRequest;
import io.axoniq.axonserver.grpc.event.TrackingToken;
import io.axoniq.axonserver.grpc.event.dcb.DcbEventStoreGrpc;
import io.axoniq.axonserver.grpc.event.dcb.GetHeadRequest;
import io.axoniq.axonserver.grpc.event.dcb.GetHeadResponse;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import jangter.axonserver.junit.DevelopmentAxonServerExtension;
import jangter.axonserver.junit.SelfSignedCertificate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class ConnectionTest {

    @RegisterExtension
    static DevelopmentAxonServerExtension axonServer = DevelopmentAxonServerExtension.inMemory();

    @Test
    void the_platform_server_is_the_one_that_was_asked() {
        try (RawStream<ClientIdentification, io.axoniq.axonserver.grpc.control.PlatformInfo> call =
                     new RawStream<>(axonServer.address(), PlatformServiceGrpc.getGetPlatformServerMethod(), 1)) {
            call.send(ClientIdentification.newBuilder().setClientId("c").setComponentName("c").build());
            call.halfClose();

            await().until(() -> call.status() != null);
            assertThat(call.received().get(0).getSameConnection()).isTrue();
            assertThat(call.received().get(0).getPrimary().getGrpcPort()).isEqualTo(axonServer.server().port());
        }
    }

    @Test
    void a_context_other_than_default_is_not_found() {
        try (RawStream<GetLastTokenRequest, TrackingToken> call = lastToken(axonServer.address(), "AxonIQ-Context", "another")) {
            await().until(() -> call.status() != null);

            assertThat(call.status().getCode()).isEqualTo(Status.Code.NOT_FOUND);
            assertThat(call.errorCode()).isEqualTo("AXONIQ-1302");
        }
        try (RawStream<GetLastTokenRequest, TrackingToken> call = lastToken(axonServer.address(), "AxonIQ-Context", "default")) {
            await().until(() -> call.received().size() == 1);
        }
    }

    @Test
    void what_the_framework_does_not_use_is_unimplemented() {
        try (RawStream<GetHeadRequest, GetHeadResponse> call = new RawStream<>(axonServer.address(), DcbEventStoreGrpc.getGetHeadMethod(), 1)) {
            call.send(GetHeadRequest.getDefaultInstance());
            call.halfClose();

            await().until(() -> call.status() != null);
            assertThat(call.status().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
        }
    }

    @Test
    void a_platform_instruction_with_an_id_is_acknowledged_and_an_unknown_one_refused() {
        try (Connector client = Connector.to(axonServer.address(), "test", "client")) {
            await().atMost(Duration.ofSeconds(30)).until(() -> client.connection().isReady());
            client.control().sendInstruction(PlatformInboundInstruction.newBuilder()
                    .setInstructionId("beat").setHeartbeat(Heartbeat.getDefaultInstance()).build()).join();

            assertThatThrownBy(() -> client.control().sendInstruction(PlatformInboundInstruction.newBuilder().setInstructionId("nonsense").build()).join())
                    .cause().isInstanceOfSatisfying(AxonServerException.class,
                            refusal -> assertThat(refusal.getErrorCategory()).isEqualTo(ErrorCategory.UNSUPPORTED_INSTRUCTION));
        }
    }

    @Test
    void a_platform_instruction_without_an_id_is_not_acknowledged() {
        try (RawStream<PlatformInboundInstruction, PlatformOutboundInstruction> stream =
                     new RawStream<>(axonServer.address(), PlatformServiceGrpc.getOpenStreamMethod(), 10)) {
            stream.send(PlatformInboundInstruction.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()).build());
            stream.send(PlatformInboundInstruction.getDefaultInstance());
            stream.send(PlatformInboundInstruction.newBuilder().setInstructionId("last").setHeartbeat(Heartbeat.getDefaultInstance()).build());

            await().until(() -> !stream.received().isEmpty());
            assertThat(stream.received()).singleElement().satisfies(message -> assertThat(message.getAck().getInstructionId()).isEqualTo("last"));
        }
    }

    @Test
    void heartbeats_are_answered_so_that_the_connection_stays() throws IOException {
        try (LoopbackProxy wire = new LoopbackProxy(axonServer.server().port());
             Connector client = Connector.to(wire.address(), "test", "beating")) {
            client.control().enableHeartbeat(200, 3_000, TimeUnit.MILLISECONDS);

            await().during(Duration.ofSeconds(5)).atMost(Duration.ofSeconds(30)).until(() -> wire.accepted() == 1 && client.connection().isReady());
        }
    }

    /** grpc-java sends pings no oftener than every ten seconds, and a server that minds them ends the connection at the third. */
    @Test
    @Tag("long")
    void keep_alive_pings_without_calls_are_permitted() throws IOException {
        try (LoopbackProxy wire = new LoopbackProxy(axonServer.server().port());
             Connector client = Connector.to(wire.address(), "test", "pinging", builder -> builder.usingKeepAlive(1, 5, TimeUnit.SECONDS, true))) {
            await().during(Duration.ofSeconds(45)).atMost(Duration.ofSeconds(60)).until(() -> wire.accepted() == 1 && client.connection().isReady());
        }
    }

    @Test
    void services_go_on_by_themselves_after_the_server_was_away(@TempDir Path folder) {
        DevelopmentAxonServer first = DevelopmentAxonServer.start(Settings.onFolder(folder));
        int port = first.port();
        try (Connector handler = Connector.to(first.address(), "handlers", "handler");
             Connector sender = Connector.to(first.address(), "senders", "sender")) {
            handler.commands().registerCommandHandler(command -> CompletableFuture.completedFuture(CommandResponse.getDefaultInstance()), 100, "Ping");
            await().until(() -> succeeds(sender));

            first.close();
            assertThat(succeeds(sender)).isFalse();

            try (DevelopmentAxonServer second = DevelopmentAxonServer.start(Settings.onFolder(folder).withPort(port))) {
                await().atMost(Duration.ofSeconds(20)).until(() -> succeeds(sender));
                assertThat(second.port()).isEqualTo(port);
            }
        }
    }

    private static boolean succeeds(Connector sender) {
        return sender.commands().sendCommand(Command.newBuilder().setName("Ping").setMessageIdentifier(UUID.randomUUID().toString()).build())
                .handle((response, failure) -> failure == null && response.getErrorCode().isEmpty()).join();
    }

    @Test
    void calls_have_to_bring_the_access_token() throws Exception {
        try (DevelopmentAxonServer guarded = DevelopmentAxonServer.start(Settings.inMemory().withHttpPort(0).withAccessToken("secret"))) {
            try (RawStream<GetLastTokenRequest, TrackingToken> call = lastToken(guarded.address(), "AxonIQ-Context", "default")) {
                await().until(() -> call.status() != null);
                assertThat(call.status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
                assertThat(call.errorCode()).isEqualTo("AXONIQ-1000");
            }
            try (RawStream<GetLastTokenRequest, TrackingToken> call = lastToken(guarded.address(), "AxonIQ-Access-Token", "guessed")) {
                await().until(() -> call.status() != null);
                assertThat(call.errorCode()).isEqualTo("AXONIQ-1001");
            }
            try (Connector client = Connector.to(guarded.address(), "test", "client", builder -> builder.token("secret"))) {
                assertThat(client.events().getLastToken().join()).isEqualTo(-1);
            }
            assertThat(httpStatus(guarded, "/actuator/health", "")).isEqualTo(200);
            assertThat(httpStatus(guarded, "/v1/public/me", "guessed")).isEqualTo(401);
            assertThat(httpStatus(guarded, "/v1/public/me", "secret")).isEqualTo(200);
        }
    }

    private static int httpStatus(DevelopmentAxonServer server, String path, String token) throws Exception {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + path))
                .header("AxonIQ-Access-Token", token).build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @Test
    void the_connector_connects_over_tls(@TempDir Path folder) {
        SelfSignedCertificate tls = SelfSignedCertificate.in(folder);
        try (DevelopmentAxonServer server = DevelopmentAxonServer.start(Settings.inMemory().withTls(tls.certificate(), tls.key()));
             Connector client = Connector.to(server.address(), "test", "client",
                     builder -> builder.useTransportSecurity(trusting(tls.certificate())))) {
            assertThat(client.events().getLastToken().join()).isEqualTo(-1);
        }
    }

    private static io.grpc.netty.shaded.io.netty.handler.ssl.SslContext trusting(Path certificate) {
        try {
            return GrpcSslContexts.forClient().trustManager(certificate.toFile()).build();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static RawStream<GetLastTokenRequest, TrackingToken> lastToken(String address, String header, String value) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of(header, Metadata.ASCII_STRING_MARSHALLER), value);
        RawStream<GetLastTokenRequest, TrackingToken> call = new RawStream<>(address, EventStoreGrpc.getGetLastTokenMethod(), 1, headers);
        call.send(GetLastTokenRequest.getDefaultInstance());
        call.halfClose();
        return call;
    }
}
