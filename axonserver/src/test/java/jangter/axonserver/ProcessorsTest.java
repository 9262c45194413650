package jangter.axonserver;

import io.axoniq.axonserver.connector.admin.AdminChannel;
import io.axoniq.axonserver.connector.control.ProcessorInstructionHandler;
import io.axoniq.axonserver.grpc.admin.EventProcessor;
import io.axoniq.axonserver.grpc.admin.EventProcessorInstance;
import io.axoniq.axonserver.grpc.admin.Result;
import io.axoniq.axonserver.grpc.control.EventProcessorInfo;
import io.axoniq.axonserver.grpc.control.EventProcessorInfo.SegmentStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class ProcessorsTest {

    private DevelopmentAxonServer server;
    private Connector admin;
    private final List<Connector> connectors = new ArrayList<>();

    @BeforeEach
    void start() {
        server = DevelopmentAxonServer.start(Settings.inMemory().withHttpPort(0));
        admin = connect("admin", "admin");
    }

    @AfterEach
    void stop() {
        connectors.forEach(Connector::close);
        server.close();
    }

    @Test
    void processors_are_listed_with_their_instances_and_segments() throws Exception {
        Instance first = new Instance("views-1", "store", segment(0, 2));
        Instance second = new Instance("views-2", "store", segment(1, 2));

        List<EventProcessor> listed = awaitListed(2);

        assertThat(listed).singleElement().satisfies(processor -> {
            assertThat(processor.getIdentifier().getProcessorName()).isEqualTo("Orders");
            assertThat(processor.getIdentifier().getTokenStoreIdentifier()).isEqualTo("store");
            assertThat(processor.getClientInstanceList()).extracting(EventProcessorInstance::getClientId)
                    .containsExactlyInAnyOrder(first.clientId, second.clientId);
        });
        assertThat(listOf("views")).hasSize(1);
        assertThat(listOf("others")).isEmpty();
    }

    @Test
    void processors_with_other_token_stores_are_other_processors() throws Exception {
        new Instance("views-1", "store", segment(0, 1));
        new Instance("views-2", "another", segment(0, 1));

        assertThat(awaitListed(2)).hasSize(2);
    }

    @Test
    void pause_and_start_go_to_all_instances() throws Exception {
        Instance first = new Instance("views-1", "store", segment(0, 2));
        Instance second = new Instance("views-2", "store", segment(1, 2));
        awaitListed(2);

        assertThat(channel().pauseEventProcessor("Orders", "store").get(30, TimeUnit.SECONDS)).isEqualTo(Result.SUCCESS);
        assertThat(channel().startEventProcessor("Orders", "store").get(30, TimeUnit.SECONDS)).isEqualTo(Result.SUCCESS);

        assertThat(first.told).containsExactly("pause", "start");
        assertThat(second.told).containsExactly("pause", "start");
    }

    @Test
    void split_takes_the_largest_segment() throws Exception {
        Instance first = new Instance("views-1", "store", segment(0, 4), segment(2, 4));
        Instance second = new Instance("views-2", "store", segment(1, 2));
        awaitListed(2);

        channel().splitEventProcessor("Orders", "store").get(30, TimeUnit.SECONDS);

        assertThat(first.told).isEmpty();
        assertThat(second.told).containsExactly("split 1");
    }

    @Test
    void merge_takes_the_smallest_segment_after_its_partner_is_released_elsewhere() throws Exception {
        Instance first = new Instance("views-1", "store", segment(0, 4), segment(1, 2));
        Instance second = new Instance("views-2", "store", segment(2, 4));
        awaitListed(2);

        channel().mergeEventProcessor("Orders", "store").get(30, TimeUnit.SECONDS);

        assertThat(second.told).containsExactly("merge 2");
        assertThat(first.told).containsExactly("release 0");
    }

    @Test
    void move_releases_a_segment_on_all_others() throws Exception {
        Instance first = new Instance("views-1", "store", segment(0, 2));
        Instance second = new Instance("views-2", "store", segment(1, 2));
        Instance third = new Instance("views-3", "store");
        awaitListed(3);

        channel().moveEventProcessorSegment("Orders", "store", 0, "views-3").get(30, TimeUnit.SECONDS);

        assertThat(first.told).containsExactly("release 0");
        assertThat(second.told).containsExactly("release 0");
        assertThat(third.told).isEmpty();
    }

    @Test
    void a_failed_instruction_fails_the_order() throws Exception {
        Instance instance = new Instance("views-1", "store", segment(0, 1));
        instance.failing = true;
        awaitListed(1);

        assertThatThrownBy(() -> channel().pauseEventProcessor("Orders", "store").get(30, TimeUnit.SECONDS)).hasMessageContaining("AXONIQ-1004");
    }

    @Test
    @Tag("long")
    void an_instruction_that_is_not_reported_on_fails_after_ten_seconds() {
        Instance instance = new Instance("views-1", "store", segment(0, 1));
        instance.silent = true;
        awaitListed(1);

        assertThatThrownBy(() -> channel().pauseEventProcessor("Orders", "store").get(20, TimeUnit.SECONDS)).hasMessageContaining("DEADLINE_EXCEEDED");
    }

    @Test
    void an_unknown_processor_is_2800() {
        assertThatThrownBy(() -> channel().pauseEventProcessor("Nobody", "store").get(30, TimeUnit.SECONDS)).hasMessageContaining("AXONIQ-2800");
    }

    @Test
    void http_lists_and_controls_processors() throws Exception {
        Instance instance = new Instance("views-1", "store", segment(0, 1));
        awaitListed(1);

        assertThat(http("GET", "/v1/components/views/processors").body()).contains("\"name\":\"Orders\"").contains("\"segmentId\":0");
        assertThat(http("PATCH", "/v1/components/views/processors/Orders/pause?context=default&tokenStoreIdentifier=store").statusCode()).isEqualTo(200);
        assertThat(http("PATCH", "/v1/components/views/processors/Orders/start").statusCode()).isEqualTo(200);
        assertThat(http("PATCH", "/v1/components/views/processors/Orders/segments/split").statusCode()).isEqualTo(200);
        assertThat(http("PATCH", "/v1/components/views/processors/Nobody/pause").statusCode()).isEqualTo(404);
        assertThat(http("PATCH", "/v1/components/views/processors/Orders/segments/merge").statusCode()).isEqualTo(502);
        assertThat(instance.told).containsExactly("pause", "start", "split 0");
    }

    @Test
    void http_tells_health_and_the_node() throws Exception {
        assertThat(http("GET", "/actuator/health").body()).isEqualTo("{\"status\":\"UP\"}");
        assertThat(http("GET", "/v1/public/me").body()).contains("\"grpcPort\":" + server.port()).contains("\"development\":true");
        assertThat(http("GET", "/v1/public").body()).startsWith("[{");
        assertThat(http("GET", "/v1/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void http_empties_a_store_that_may_be_emptied() throws Exception {
        admin.events().appendEvents(Connector.event("a", 0)).join();

        assertThat(http("DELETE", "/v1/devmode/purge-events").statusCode()).isEqualTo(200);

        assertThat(admin.events().getLastToken().join()).isEqualTo(-1);
    }

    private HttpResponse<String> http(String method, String path) throws Exception {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + path))
                .method(method, HttpRequest.BodyPublishers.noBody()).build(), HttpResponse.BodyHandlers.ofString());
    }

    private Connector connect(String component, String clientId) {
        Connector connector = Connector.to(server.address(), component, clientId,
                builder -> builder.processorInfoUpdateFrequency(100, TimeUnit.MILLISECONDS));
        connectors.add(connector);
        return connector;
    }

    private AdminChannel channel() {
        return admin.connection().adminChannel();
    }

    private List<EventProcessor> awaitListed(int instances) {
        return await().until(this::list, listed -> listed.stream().mapToInt(EventProcessor::getClientInstanceCount).sum() == instances);
    }

    private List<EventProcessor> list() throws InterruptedException {
        return drain(channel().eventProcessors());
    }

    private List<EventProcessor> listOf(String component) throws InterruptedException {
        return drain(channel().eventProcessorsByComponent(component));
    }

    private static List<EventProcessor> drain(io.axoniq.axonserver.connector.ResultStream<EventProcessor> results) throws InterruptedException {
        List<EventProcessor> listed = new ArrayList<>();
        for (EventProcessor next = results.nextIfAvailable(2, TimeUnit.SECONDS); next != null; next = results.nextIfAvailable(2, TimeUnit.SECONDS)) {
            listed.add(next);
        }
        return listed;
    }

    private static SegmentStatus segment(int id, int onePartOf) {
        return SegmentStatus.newBuilder().setSegmentId(id).setOnePartOf(onePartOf).setCaughtUp(true).build();
    }

    /** A client's instance of the processor Orders, which remembers what it was told. */
    private final class Instance implements ProcessorInstructionHandler {

        private final String clientId;
        private final List<String> told = new CopyOnWriteArrayList<>();
        private volatile boolean failing;
        private volatile boolean silent;

        private Instance(String clientId, String tokenStore, SegmentStatus... segments) {
            this.clientId = clientId;
            connect("views", clientId).control().registerEventProcessor("Orders", () -> EventProcessorInfo.newBuilder()
                    .setProcessorName("Orders")
                    .setTokenStoreIdentifier(tokenStore)
                    .setMode("Tracking")
                    .setIsStreamingProcessor(true)
                    .setRunning(true)
                    .addAllSegmentStatus(List.of(segments))
                    .build(), this);
        }

        private CompletableFuture<Boolean> did(String what) {
            told.add(what);
            if (silent) {
                return new CompletableFuture<>();
            }
            return failing ? CompletableFuture.failedFuture(new IllegalStateException("cannot")) : CompletableFuture.completedFuture(true);
        }

        @Override
        public CompletableFuture<Boolean> releaseSegment(int segment) {
            return did("release " + segment);
        }

        @Override
        public CompletableFuture<Boolean> splitSegment(int segment) {
            return did("split " + segment);
        }

        @Override
        public CompletableFuture<Boolean> mergeSegment(int segment) {
            return did("merge " + segment);
        }

        @Override
        public CompletableFuture<Void> pauseProcessor() {
            return did("pause").thenApply(done -> null);
        }

        @Override
        public CompletableFuture<Void> startProcessor() {
            return did("start").thenApply(done -> null);
        }
    }
}
