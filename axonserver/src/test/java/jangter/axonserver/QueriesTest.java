package jangter.axonserver;

import io.axoniq.axonserver.connector.FlowControl;
import io.axoniq.axonserver.connector.Registration;
import io.axoniq.axonserver.connector.ReplyChannel;
import io.axoniq.axonserver.connector.ResultStream;
import io.axoniq.axonserver.connector.query.QueryDefinition;
import io.axoniq.axonserver.connector.query.QueryHandler;
import io.axoniq.axonserver.connector.query.SubscriptionQueryResult;
import io.axoniq.axonserver.grpc.MetaDataValue;
import io.axoniq.axonserver.grpc.ProcessingInstruction;
import io.axoniq.axonserver.grpc.ProcessingKey;
import io.axoniq.axonserver.grpc.query.QueryProviderInbound;
import io.axoniq.axonserver.grpc.query.QueryProviderOutbound;
import io.axoniq.axonserver.grpc.query.QueryRequest;
import io.axoniq.axonserver.grpc.query.QueryResponse;
import io.axoniq.axonserver.grpc.query.QueryServiceGrpc;
import io.axoniq.axonserver.grpc.query.QuerySubscription;
import io.axoniq.axonserver.grpc.query.QueryUpdate;
import io.axoniq.axonserver.grpc.query.SubscriptionQuery;
import io.axoniq.axonserver.grpc.query.SubscriptionQueryRequest;
import io.axoniq.axonserver.grpc.query.SubscriptionQueryResponse;
import io.grpc.Status;
import jangter.axonserver.junit.DevelopmentAxonServerExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class QueriesTest {

    @RegisterExtension
    static DevelopmentAxonServerExtension axonServer = DevelopmentAxonServerExtension.inMemory();

    private final String name = "Query-" + UUID.randomUUID();
    private final List<Connector> connectors = new ArrayList<>();
    private final List<SubscriptionQueryResult> subscriptions = new ArrayList<>();

    @AfterEach
    void disconnect() {
        subscriptions.forEach(subscription -> subscription.updates().close());
        connectors.forEach(Connector::close);
    }

    @Test
    void a_query_is_answered_by_its_handler() throws Exception {
        handle(connect("views", "views-1"), answering("12"));

        assertThat(texts(query(1, false))).containsExactly("12");
    }

    @Test
    void a_query_nobody_handles_is_answered_with_5000_in_band() throws Exception {
        assertThat(query(1, false).next().getErrorCode()).isEqualTo("AXONIQ-5000");
    }

    @Test
    void instances_of_a_component_take_turns() throws Exception {
        for (String instance : List.of("a", "b", "c")) {
            handle(connect("views", instance), answering(instance));
        }

        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            answers.addAll(texts(query(1, false)));
        }

        assertThat(answers.subList(0, 3)).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(answers.subList(3, 6)).isEqualTo(answers.subList(0, 3));
    }

    @Test
    void a_scattered_query_goes_to_one_instance_of_every_component() throws Exception {
        handle(connect("orders", "orders-1"), answering("orders"));
        handle(connect("orders", "orders-2"), answering("orders"));
        handle(connect("coupons", "coupons-1"), answering("coupons"));

        assertThat(texts(query(-1, false))).containsExactlyInAnyOrder("orders", "coupons");
    }

    @Test
    void an_error_is_held_back_while_another_handler_may_succeed() throws Exception {
        CopyOnWriteArrayList<Runnable> waiting = new CopyOnWriteArrayList<>();
        AtomicInteger failed = new AtomicInteger();
        handle(connect("broken", "broken-1"), (query, reply) -> {
            reply.sendLast(error("no view"));
            failed.incrementAndGet();
        });
        handle(connect("views", "views-1"), (query, reply) -> waiting.add(() -> reply.sendLast(response("12"))));

        ResultStream<QueryResponse> results = query(1, false);
        await().until(() -> failed.get() == 1 && waiting.size() == 1);
        assertThat(results.nextIfAvailable(200, TimeUnit.MILLISECONDS)).isNull();
        waiting.get(0).run();

        assertThat(texts(results)).containsExactly("12");
    }

    @Test
    void an_error_is_given_when_no_handler_succeeds() throws Exception {
        handle(connect("broken", "broken-1"), (query, reply) -> reply.sendLast(error("no view")));
        handle(connect("broken too", "broken-2"), (query, reply) -> reply.sendLast(error("no view either")));

        QueryResponse response = query(1, false).next();

        assertThat(response.getErrorCode()).isEqualTo("AXONIQ-5001");
        assertThat(response.getErrorMessage().getMessage()).startsWith("no view");
    }

    @Test
    void a_lost_handler_is_4001_in_band() throws Exception {
        RawStream<QueryProviderOutbound, QueryProviderInbound> handler = rawHandler("raw", 10);
        ResultStream<QueryResponse> results = query(1, false);
        await().until(() -> handler.received().size() == 1);

        handler.close();

        assertThat(results.next().getErrorCode()).isEqualTo("AXONIQ-4001");
    }

    @Test
    void a_query_that_a_lost_handler_was_never_handed_goes_to_another_instance() throws Exception {
        RawStream<QueryProviderOutbound, QueryProviderInbound> handler = rawHandler("views", 0);
        ResultStream<QueryResponse> results = query(1, false);
        handle(connect("views", "views-2"), answering("12"));

        handler.close();

        assertThat(texts(results)).containsExactly("12");
    }

    @Test
    void query_permits_are_strict_and_a_query_says_that_the_server_streams() {
        try (RawStream<QueryProviderOutbound, QueryProviderInbound> handler = rawHandler("raw", 3)) {
            for (int i = 0; i < 5; i++) {
                query(1, false);
            }

            await().until(() -> handler.received().size() == 3);
            await().during(Duration.ofMillis(200)).until(() -> handler.received().size() == 3);
            assertThat(handler.received().get(0).getQuery().getProcessingInstructionsList()).contains(
                    ProcessingInstruction.newBuilder().setKey(ProcessingKey.SERVER_SUPPORTS_STREAMING)
                            .setValue(MetaDataValue.newBuilder().setBooleanValue(true)).build());
        }
    }

    @Test
    void a_streaming_query_begins_with_a_window_of_32_and_goes_no_faster_than_its_reader() throws Exception {
        StreamOfNumbers numbers = new StreamOfNumbers(10_000);
        handle(connect("views", "views-1"), numbers);

        ResultStream<QueryResponse> results = query(1, true);

        assertThat(results.next().getPayload().getData().toStringUtf8()).isEqualTo("0");
        await().during(Duration.ofMillis(200)).until(() -> numbers.sent.get() < 5_000);
        assertThat(numbers.requests.get(0)).isEqualTo(32);
        for (int i = 1; i < 10_000; i++) {
            assertThat(results.next().getPayload().getData().toStringUtf8()).isEqualTo(String.valueOf(i));
        }
        assertThat(results.nextIfAvailable(5, TimeUnit.SECONDS)).isNull();
        assertThat(results.isClosed()).isTrue();
    }

    @Test
    void a_streams_readers_cancel_is_passed_on() throws Exception {
        StreamOfNumbers numbers = new StreamOfNumbers(1_000_000);
        handle(connect("views", "views-1"), numbers);
        ResultStream<QueryResponse> results = query(1, true);
        results.next();

        results.close();

        await().until(() -> numbers.cancelled.get() == 1);
    }

    @Test
    void the_first_to_respond_wins_a_streaming_query_and_the_others_are_cancelled() throws Exception {
        StreamOfNumbers winner = new StreamOfNumbers(3);
        StreamOfNumbers silent = new StreamOfNumbers(0);
        handle(connect("silent", "silent-1"), silent);
        handle(connect("views", "views-1"), winner);

        assertThat(texts(query(1, true))).containsExactly("0", "1", "2");
        await().until(() -> silent.cancelled.get() == 1);
    }

    @Test
    void a_subscription_query_gets_its_initial_result_and_its_updates() throws Exception {
        Updates updates = new Updates("initial");
        handle(connect("views", "views-1"), updates);

        SubscriptionQueryResult result = subscribe();

        assertThat(result.initialResult().join().getPayload().getData().toStringUtf8()).isEqualTo("initial");
        await().until(() -> updates.subscribed.size() == 1);
        updates.emit("first");
        updates.emit("second");
        assertThat(update(result)).isEqualTo("first");
        assertThat(update(result)).isEqualTo("second");
    }

    @Test
    void a_subscription_query_subscribes_at_all_handlers_and_at_those_that_come_later() throws Exception {
        Updates first = new Updates("initial");
        Updates second = new Updates("initial");
        Updates late = new Updates("initial");
        handle(connect("views", "views-1"), first);
        handle(connect("views", "views-2"), second);

        SubscriptionQueryResult result = subscribe();
        await().until(() -> first.subscribed.size() == 1 && second.subscribed.size() == 1);
        handle(connect("views", "views-3"), late);
        await().until(() -> late.subscribed.size() == 1);

        late.emit("from the latest");
        assertThat(update(result)).isEqualTo("from the latest");
        assertThat(result.initialResult().join().getPayload().getData().toStringUtf8()).isEqualTo("initial");
        assertThat(first.asked.get() + second.asked.get() + late.asked.get()).isEqualTo(1);
    }

    @Test
    void an_initial_result_nobody_gives_is_5000() {
        assertThat(subscribe().initialResult().join().getErrorCode()).isEqualTo("AXONIQ-5000");
    }

    @Test
    void closing_a_subscription_query_unsubscribes_at_its_handlers() {
        Updates updates = new Updates("initial");
        handle(connect("views", "views-1"), updates);
        SubscriptionQueryResult result = subscribe();
        await().until(() -> updates.subscribed.size() == 1);

        result.updates().close();

        await().until(() -> updates.subscribed.isEmpty());
    }

    @Test
    void a_half_close_unsubscribes() {
        Updates updates = new Updates("initial");
        handle(connect("views", "views-1"), updates);
        try (RawStream<SubscriptionQueryRequest, SubscriptionQueryResponse> caller = rawSubscription("half", 10)) {
            await().until(() -> updates.subscribed.size() == 1);

            caller.halfClose();

            await().until(() -> updates.subscribed.isEmpty());
        }
    }

    @Test
    void updates_beyond_the_permits_end_a_subscription_query() {
        Updates updates = new Updates("initial");
        handle(connect("views", "views-1"), updates);
        try (RawStream<SubscriptionQueryRequest, SubscriptionQueryResponse> caller = rawSubscription("flood", 2)) {
            await().until(() -> updates.subscribed.size() == 1);

            updates.emit("1");
            updates.emit("2");
            updates.emit("3");

            await().until(() -> caller.status() != null);
            assertThat(caller.received()).hasSize(2);
            assertThat(caller.status().getCode()).isEqualTo(Status.Code.CANCELLED);
            assertThat(caller.errorCode()).isEqualTo("AXONIQ-0001");
            await().until(() -> updates.subscribed.isEmpty());
        }
    }

    @Test
    void a_handler_that_completes_ends_the_updates() {
        Updates updates = new Updates("initial");
        handle(connect("views", "views-1"), updates);
        SubscriptionQueryResult result = subscribe();
        await().until(() -> updates.subscribed.size() == 1);

        updates.complete();

        await().until(() -> result.updates().isClosed());
    }

    @Test
    void an_update_for_an_unknown_subscription_is_answered_with_an_unsubscribe() {
        try (RawStream<QueryProviderOutbound, QueryProviderInbound> handler = rawHandler("raw", 3)) {
            handler.send(QueryProviderOutbound.newBuilder().setSubscriptionQueryResponse(SubscriptionQueryResponse.newBuilder()
                    .setSubscriptionIdentifier("forgotten").setUpdate(QueryUpdate.getDefaultInstance())).build());

            await().until(() -> handler.received().size() == 1);
            assertThat(handler.received().get(0).getSubscriptionQueryRequest().getUnsubscribe().getSubscriptionIdentifier()).isEqualTo("forgotten");
        }
    }

    @Test
    void unsubscribed_handlers_are_not_asked() throws Exception {
        Registration registration = handle(connect("views", "views-1"), answering("12"));

        registration.cancel().join();

        assertThat(query(1, false).next().getErrorCode()).isEqualTo("AXONIQ-5000");
    }

    private Connector connect(String component, String clientId) {
        Connector connector = Connector.to(axonServer.address(), component, clientId);
        connectors.add(connector);
        return connector;
    }

    private Registration handle(Connector connector, QueryHandler handler) {
        Registration registration = connector.queries().registerQueryHandler(handler, new QueryDefinition(name, String.class));
        try {
            registration.awaitAck(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return registration;
    }

    private static QueryHandler answering(String text) {
        return (query, reply) -> reply.sendLast(response(text));
    }

    private static QueryResponse response(String text) {
        return QueryResponse.newBuilder().setMessageIdentifier(UUID.randomUUID().toString()).setPayload(Connector.payload("text", text)).build();
    }

    private static QueryResponse error(String text) {
        return QueryResponse.newBuilder().setErrorCode("AXONIQ-5001")
                .setErrorMessage(io.axoniq.axonserver.grpc.ErrorMessage.newBuilder().setMessage(text)).build();
    }

    private QueryRequest request(long results, boolean streaming) {
        return QueryRequest.newBuilder()
                .setQuery(name)
                .setMessageIdentifier(UUID.randomUUID().toString())
                .addProcessingInstructions(ProcessingInstruction.newBuilder().setKey(ProcessingKey.NR_OF_RESULTS)
                        .setValue(MetaDataValue.newBuilder().setNumberValue(results)))
                .addProcessingInstructions(ProcessingInstruction.newBuilder().setKey(ProcessingKey.CLIENT_SUPPORTS_STREAMING)
                        .setValue(MetaDataValue.newBuilder().setBooleanValue(streaming)))
                .build();
    }

    private ResultStream<QueryResponse> query(long results, boolean streaming) {
        return connect("callers", "caller").queries().query(request(results, streaming));
    }

    private SubscriptionQueryResult subscribe() {
        SubscriptionQueryResult result = connect("callers", "caller").queries().subscriptionQuery(request(1, false), 100, 10);
        subscriptions.add(result);
        return result;
    }

    private static List<String> texts(ResultStream<QueryResponse> results) throws InterruptedException {
        List<String> texts = new ArrayList<>();
        for (QueryResponse next = results.nextIfAvailable(30, TimeUnit.SECONDS); next != null; next = results.nextIfAvailable(30, TimeUnit.SECONDS)) {
            assertThat(next.getErrorCode()).isEmpty();
            texts.add(next.getPayload().getData().toStringUtf8());
        }
        return texts;
    }

    private static String update(SubscriptionQueryResult result) throws InterruptedException {
        return result.updates().nextIfAvailable(30, TimeUnit.SECONDS).getPayload().getData().toStringUtf8();
    }

    private RawStream<QueryProviderOutbound, QueryProviderInbound> rawHandler(String component, long permits) {
        RawStream<QueryProviderOutbound, QueryProviderInbound> handler =
                new RawStream<>(axonServer.address(), QueryServiceGrpc.getOpenStreamMethod(), 100);
        handler.send(QueryProviderOutbound.newBuilder().setInstructionId("subscribe").setSubscribe(QuerySubscription.newBuilder()
                .setQuery(name).setClientId("raw").setComponentName(component)).build());
        await().until(() -> handler.received().size() == 1);
        handler.received().clear();
        handler.send(QueryProviderOutbound.newBuilder().setFlowControl(
                io.axoniq.axonserver.grpc.FlowControl.newBuilder().setPermits(permits)).build());
        return handler;
    }

    private RawStream<SubscriptionQueryRequest, SubscriptionQueryResponse> rawSubscription(String id, long permits) {
        RawStream<SubscriptionQueryRequest, SubscriptionQueryResponse> caller =
                new RawStream<>(axonServer.address(), QueryServiceGrpc.getSubscriptionMethod(), 100);
        caller.send(SubscriptionQueryRequest.newBuilder().setFlowControl(SubscriptionQuery.newBuilder().setNumberOfPermits(permits)).build());
        caller.send(SubscriptionQueryRequest.newBuilder().setSubscribe(SubscriptionQuery.newBuilder()
                .setSubscriptionIdentifier(id).setQueryRequest(request(1, false))).build());
        return caller;
    }

    /** Answers with as many numbers as it is let to. */
    private static final class StreamOfNumbers implements QueryHandler {

        /** What is small fits a connection's buffers by the thousand, and shows no flow control. */
        private static final MetaDataValue PADDING = MetaDataValue.newBuilder().setTextValue("x".repeat(2_000)).build();

        private final long size;
        private final List<Long> requests = new CopyOnWriteArrayList<>();
        private final AtomicLong sent = new AtomicLong();
        private final AtomicInteger cancelled = new AtomicInteger();

        private StreamOfNumbers(long size) {
            this.size = size;
        }

        @Override
        public void handle(QueryRequest query, ReplyChannel<QueryResponse> reply) {
            throw new UnsupportedOperationException("Streams only");
        }

        @Override
        public FlowControl stream(QueryRequest query, ReplyChannel<QueryResponse> reply) {
            return new FlowControl() {
                @Override
                public void request(long permits) {
                    requests.add(permits);
                    for (long i = 0; i < permits && sent.get() < size; i++) {
                        reply.send(response(String.valueOf(sent.getAndIncrement())).toBuilder().putMetaData("padding", PADDING).build());
                    }
                    if (sent.get() == size && size > 0) {
                        reply.complete();
                    }
                }

                @Override
                public void cancel() {
                    cancelled.incrementAndGet();
                }
            };
        }
    }

    /** Answers with one text, and tells its subscribers more. */
    private static final class Updates implements QueryHandler {

        private final String initial;
        private final AtomicInteger asked = new AtomicInteger();
        private final Map<String, UpdateHandler> subscribed = new ConcurrentHashMap<>();

        private Updates(String initial) {
            this.initial = initial;
        }

        @Override
        public void handle(QueryRequest query, ReplyChannel<QueryResponse> reply) {
            asked.incrementAndGet();
            reply.sendLast(response(initial));
        }

        @Override
        public Registration registerSubscriptionQuery(SubscriptionQuery query, UpdateHandler handler) {
            subscribed.put(query.getSubscriptionIdentifier(), handler);
            return new Registration() {
                @Override
                public java.util.concurrent.CompletableFuture<Void> cancel() {
                    subscribed.remove(query.getSubscriptionIdentifier());
                    return java.util.concurrent.CompletableFuture.completedFuture(null);
                }

                @Override
                public Registration awaitAck(long timeout, TimeUnit unit) {
                    return this;
                }

                @Override
                public Registration onAck(Runnable runnable) {
                    runnable.run();
                    return this;
                }
            };
        }

        private void emit(String text) {
            subscribed.values().forEach(handler -> handler.sendUpdate(QueryUpdate.newBuilder()
                    .setMessageIdentifier(UUID.randomUUID().toString()).setPayload(Connector.payload("text", text)).build()));
        }

        private void complete() {
            subscribed.values().forEach(UpdateHandler::complete);
        }
    }
}
