package jangter.axonserver;

import io.axoniq.axonserver.connector.Registration;
import io.axoniq.axonserver.grpc.FlowControl;
import io.axoniq.axonserver.grpc.MetaDataValue;
import io.axoniq.axonserver.grpc.ProcessingInstruction;
import io.axoniq.axonserver.grpc.ProcessingKey;
import io.axoniq.axonserver.grpc.command.Command;
import io.axoniq.axonserver.grpc.command.CommandProviderInbound;
import io.axoniq.axonserver.grpc.command.CommandProviderOutbound;
import io.axoniq.axonserver.grpc.command.CommandResponse;
import io.axoniq.axonserver.grpc.command.CommandServiceGrpc;
import io.axoniq.axonserver.grpc.command.CommandSubscription;
import jangter.axonserver.junit.DevelopmentAxonServerExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class CommandsTest {

    private static final int ENOUGH_TO_SHOW_NO_MORE_COMES = 300;

    @RegisterExtension
    static DevelopmentAxonServerExtension axonServer = DevelopmentAxonServerExtension.inMemory();

    private final String name = "Command-" + UUID.randomUUID();
    private final List<Connector> connectors = new ArrayList<>();

    @AfterEach
    void disconnect() {
        connectors.forEach(Connector::close);
    }

    @Test
    void an_answer_comes_back_as_the_handler_gave_it() {
        handle(connect("handler"), 100, command -> answer(command, "done"));

        CommandResponse response = send("key").join();

        assertThat(response.getErrorCode()).isEmpty();
        assertThat(response.getPayload().getData().toStringUtf8()).isEqualTo("done");
    }

    @Test
    void a_handlers_error_comes_back_in_band() {
        handle(connect("handler"), 100, command -> CompletableFuture.failedFuture(new IllegalStateException("no stock")));

        CommandResponse response = send("key").join();

        assertThat(response.getErrorCode()).isEqualTo("AXONIQ-4002");
        assertThat(response.getErrorMessage().getMessage()).contains("no stock");
    }

    @Test
    void a_handlers_own_error_code_is_passed_on() {
        handle(connect("handler"), 100, command -> CompletableFuture.completedFuture(CommandResponse.newBuilder()
                .setRequestIdentifier(command.getMessageIdentifier()).setErrorCode("AXONIQ-4005").build()));

        assertThat(send("key").join().getErrorCode()).isEqualTo("AXONIQ-4005");
    }

    @Test
    void a_command_nobody_handles_is_answered_with_4000() {
        assertThat(send("key").join().getErrorCode()).isEqualTo("AXONIQ-4000");
    }

    @Test
    void a_key_always_goes_to_the_same_handler_and_all_get_their_share() {
        for (String handler : List.of("a", "b", "c")) {
            handle(connect(handler), 100, command -> answer(command, handler));
        }

        Map<String, Set<String>> handlersByKey = new HashMap<>();
        for (int round = 0; round < 3; round++) {
            whoHandles(300).forEach((key, handler) -> handlersByKey.computeIfAbsent(key, k -> new HashSet<>()).add(handler));
        }

        assertThat(handlersByKey.values()).allSatisfy(handlers -> assertThat(handlers).hasSize(1));
        Map<String, Integer> share = shares(whoHandles(300));
        assertThat(share).hasSize(3);
        assertThat(share.values()).allSatisfy(keys -> assertThat(keys).isBetween(50, 170));
    }

    @Test
    void a_load_factor_weighs_the_handlers() {
        handle(connect("light"), 20, command -> answer(command, "light"));
        handle(connect("heavy"), 180, command -> answer(command, "heavy"));

        Map<String, Integer> share = shares(whoHandles(1_000));

        assertThat(share.get("heavy")).isGreaterThan(4 * share.get("light"));
    }

    @Test
    void few_keys_move_when_a_handler_comes_or_goes() {
        for (String handler : List.of("a", "b", "c")) {
            handle(connect(handler), 100, command -> answer(command, handler));
        }
        Map<String, String> before = whoHandles(600);

        Connector fourth = connect("d");
        Registration registration = handle(fourth, 100, command -> answer(command, "d"));
        Map<String, String> with = whoHandles(600);
        registration.cancel().join();
        Map<String, String> after = whoHandles(600);

        assertThat(before.keySet().stream().filter(key -> !with.get(key).equals(before.get(key))))
                .allSatisfy(key -> assertThat(with.get(key)).isEqualTo("d"))
                .hasSizeBetween(60, 270);
        assertThat(after).isEqualTo(before);
    }

    @Test
    void permits_are_strict() {
        try (RawStream<CommandProviderOutbound, CommandProviderInbound> handler = rawHandler(3)) {
            for (int i = 0; i < 10; i++) {
                send("key");
            }

            await().until(() -> handler.received().size() == 3);
            await().during(Duration.ofMillis(ENOUGH_TO_SHOW_NO_MORE_COMES)).until(() -> handler.received().size() == 3);
            handler.send(permits(2));
            await().until(() -> handler.received().size() == 5);
        }
    }

    @Test
    void a_higher_priority_overtakes_what_is_queued() {
        try (RawStream<CommandProviderOutbound, CommandProviderInbound> handler = rawHandler(0)) {
            Connector sender = connect("sender");
            for (long priority : new long[]{0, 5, -1, 5, 10}) {
                sender.commands().sendCommand(command("key", priority));
            }
            awaitQueued(sender);

            handler.send(permits(6));

            await().until(() -> handler.received().size() == 6);
            assertThat(handler.received()).extracting(message -> priority(message.getCommand())).containsExactly(10L, 5L, 5L, 0L, -1L, -100L);
        }
    }

    /** Calls of one connection arrive in order: once this one is known to be pending, so are those before it. */
    private void awaitQueued(Connector sender) {
        CompletableFuture<CommandResponse> last = sender.commands().sendCommand(command("key", -100));
        CompletableFuture<CommandResponse> unknown = sender.commands().sendCommand(
                Command.newBuilder().setName("unknown").setMessageIdentifier(UUID.randomUUID().toString()).build());
        assertThat(unknown.join().getErrorCode()).isEqualTo("AXONIQ-4000");
        assertThat(last).isNotDone();
    }

    @Test
    void a_handler_queues_ten_thousand_commands_and_no_more() {
        try (RawStream<CommandProviderOutbound, CommandProviderInbound> handler = rawHandler(0)) {
            Connector sender = connect("sender");
            List<CompletableFuture<CommandResponse>> sent = new ArrayList<>();
            for (int i = 0; i < 10_010; i++) {
                sent.add(sender.commands().sendCommand(command("key", 0)));
            }

            List<CompletableFuture<CommandResponse>> refused = await().until(
                    () -> sent.stream().filter(CompletableFuture::isDone).toList(), done -> done.size() == 10);
            assertThat(refused).allSatisfy(response -> assertThat(response.join().getErrorCode()).isEqualTo("AXONIQ-1900"));
        }
    }

    @Test
    void a_command_that_stays_unanswered_is_answered_with_4002() {
        try (DevelopmentAxonServer impatient = DevelopmentAxonServer.start(Settings.inMemory().withCommandPatience(Duration.ofMillis(200)));
             Connector handler = Connector.to(impatient.address(), "handlers", "silent");
             Connector sender = Connector.to(impatient.address(), "senders", "sender")) {
            handle(handler, 100, command -> new CompletableFuture<>());

            assertThat(sender.commands().sendCommand(command("key", 0)).join().getErrorCode()).isEqualTo("AXONIQ-4002");
        }
    }

    @Test
    void after_unsubscribing_new_commands_get_4000_and_those_in_flight_are_answered() {
        CompletableFuture<String> result = new CompletableFuture<>();
        AtomicInteger started = new AtomicInteger();
        Registration registration = handle(connect("handler"), 100, command -> {
            started.incrementAndGet();
            return result.thenCompose(value -> answer(command, value));
        });
        CompletableFuture<CommandResponse> inFlight = send("key");
        await().untilAtomic(started, org.hamcrest.Matchers.is(1));

        registration.cancel().join();

        assertThat(send("key").join().getErrorCode()).isEqualTo("AXONIQ-4000");
        result.complete("late");
        assertThat(inFlight.join().getPayload().getData().toStringUtf8()).isEqualTo("late");
    }

    @Test
    void a_lost_handlers_commands_fail_at_once_and_undelivered_ones_go_to_another() {
        Queue<String> other = new ConcurrentLinkedQueue<>();
        RawStream<CommandProviderOutbound, CommandProviderInbound> lost = rawHandler(2);
        Connector sender = connect("sender");
        List<CompletableFuture<CommandResponse>> sent = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            sent.add(sender.commands().sendCommand(command("key", 0)));
        }
        await().until(() -> lost.received().size() == 2);
        handle(connect("other"), 100, command -> {
            other.add(command.getMessageIdentifier());
            return answer(command, "other");
        });

        lost.close();

        sent.forEach(CompletableFuture::join);
        assertThat(sent.subList(0, 2)).allSatisfy(response -> {
            assertThat(response.join().getErrorCode()).isEqualTo("AXONIQ-4001");
            assertThat(response.join().getErrorMessage().getMessage()).isEqualTo("Connection lost while executing command on: raw");
        });
        assertThat(sent.subList(2, 5)).allSatisfy(response -> assertThat(response.join().getErrorCode()).isEmpty());
        assertThat(other).hasSize(3);
    }

    @Test
    void undelivered_commands_of_the_last_handler_get_4000() {
        RawStream<CommandProviderOutbound, CommandProviderInbound> lost = rawHandler(0);
        Connector sender = connect("sender");
        CompletableFuture<CommandResponse> sent = sender.commands().sendCommand(command("key", 0));
        awaitQueued(sender);

        lost.close();

        assertThat(sent.join().getErrorCode()).isEqualTo("AXONIQ-4000");
    }

    @Test
    void subscriptions_belong_to_their_stream() {
        RawStream<CommandProviderOutbound, CommandProviderInbound> first = rawHandler(10);
        try (RawStream<CommandProviderOutbound, CommandProviderInbound> second = rawHandler(10)) {
            first.halfClose();
            await().until(() -> first.status() != null);

            send("key");

            await().until(() -> second.received().size() == 1);
        }
        first.close();
    }

    @Test
    void a_second_answer_does_not_reach_the_sender() {
        try (RawStream<CommandProviderOutbound, CommandProviderInbound> handler = rawHandler(10)) {
            CompletableFuture<CommandResponse> sent = send("key");
            await().until(() -> handler.received().size() == 1);
            Command command = handler.received().get(0).getCommand();

            handler.send(response(command, "first"));
            handler.send(response(command, "second"));

            assertThat(sent.join().getMessageIdentifier()).isEqualTo("first");
            CompletableFuture<CommandResponse> next = send("key");
            await().until(() -> handler.received().size() == 2);
            handler.send(response(handler.received().get(1).getCommand(), "third"));
            assertThat(next.join().getMessageIdentifier()).isEqualTo("third");
        }
    }

    @Test
    void an_instruction_with_an_id_is_acknowledged_and_one_without_is_not() {
        try (RawStream<CommandProviderOutbound, CommandProviderInbound> handler =
                     new RawStream<>(axonServer.address(), CommandServiceGrpc.getOpenStreamMethod(), 100)) {
            handler.send(permits(1));
            handler.send(subscription().toBuilder().setInstructionId("subscribe").build());
            handler.send(CommandProviderOutbound.newBuilder().setInstructionId("nonsense").build());

            await().until(() -> handler.received().size() == 2);
            assertThat(handler.received().get(0).getAck().getInstructionId()).isEqualTo("subscribe");
            assertThat(handler.received().get(0).getAck().getSuccess()).isTrue();
            assertThat(handler.received().get(1).getAck().getInstructionId()).isEqualTo("nonsense");
            assertThat(handler.received().get(1).getAck().getSuccess()).isFalse();
            assertThat(handler.received().get(1).getAck().getError().getErrorCode()).isEqualTo("AXONIQ-1002");
        }
    }

    private Connector connect(String clientId) {
        Connector connector = Connector.to(axonServer.address(), "test", clientId);
        connectors.add(connector);
        return connector;
    }

    private Registration handle(Connector connector, int loadFactor, Function<Command, CompletableFuture<CommandResponse>> handler) {
        Registration registration = connector.commands().registerCommandHandler(handler, loadFactor, name);
        try {
            registration.awaitAck(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return registration;
    }

    private RawStream<CommandProviderOutbound, CommandProviderInbound> rawHandler(long permits) {
        RawStream<CommandProviderOutbound, CommandProviderInbound> handler =
                new RawStream<>(axonServer.address(), CommandServiceGrpc.getOpenStreamMethod(), 100);
        handler.send(subscription().toBuilder().setInstructionId("subscribe").build());
        await().until(() -> handler.received().size() == 1);
        handler.received().clear();
        if (permits > 0) {
            handler.send(permits(permits));
        }
        return handler;
    }

    private CommandProviderOutbound subscription() {
        return CommandProviderOutbound.newBuilder()
                .setSubscribe(CommandSubscription.newBuilder().setCommand(name).setClientId("raw").setComponentName("raw"))
                .build();
    }

    private static CommandProviderOutbound permits(long permits) {
        return CommandProviderOutbound.newBuilder().setFlowControl(FlowControl.newBuilder().setPermits(permits)).build();
    }

    private static CommandProviderOutbound response(Command command, String id) {
        return CommandProviderOutbound.newBuilder().setCommandResponse(CommandResponse.newBuilder()
                .setMessageIdentifier(id)
                .setRequestIdentifier(command.getMessageIdentifier())).build();
    }

    private CompletableFuture<CommandResponse> send(String key) {
        return (connectors.isEmpty() ? connect("sender") : connectors.get(0)).commands().sendCommand(command(key, 0));
    }

    private Map<String, String> whoHandles(int keys) {
        Map<String, CompletableFuture<CommandResponse>> sent = new HashMap<>();
        for (int i = 0; i < keys; i++) {
            sent.put("order-" + i, send("order-" + i));
        }
        Map<String, String> handlers = new HashMap<>();
        sent.forEach((key, response) -> handlers.put(key, response.join().getPayload().getData().toStringUtf8()));
        return handlers;
    }

    private static Map<String, Integer> shares(Map<String, String> handlers) {
        Map<String, Integer> shares = new HashMap<>();
        handlers.values().forEach(handler -> shares.merge(handler, 1, Integer::sum));
        return shares;
    }

    private Command command(String key, long priority) {
        return Command.newBuilder()
                .setName(name)
                .setMessageIdentifier(UUID.randomUUID().toString())
                .addProcessingInstructions(ProcessingInstruction.newBuilder().setKey(ProcessingKey.ROUTING_KEY)
                        .setValue(MetaDataValue.newBuilder().setTextValue(key)))
                .addProcessingInstructions(ProcessingInstruction.newBuilder().setKey(ProcessingKey.PRIORITY)
                        .setValue(MetaDataValue.newBuilder().setNumberValue(priority)))
                .build();
    }

    private static long priority(Command command) {
        return command.getProcessingInstructions(1).getValue().getNumberValue();
    }

    private static CompletableFuture<CommandResponse> answer(Command command, String text) {
        return CompletableFuture.completedFuture(CommandResponse.newBuilder()
                .setRequestIdentifier(command.getMessageIdentifier())
                .setPayload(Connector.payload("text", text))
                .build());
    }
}
