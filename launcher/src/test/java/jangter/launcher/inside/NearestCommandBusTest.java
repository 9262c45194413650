package jangter.launcher.inside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jangter.axonserver.junit.DevelopmentAxonServerExtension;
import jangter.kernel.OrderId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.axonframework.axonserver.connector.AxonServerConfiguration;
import org.axonframework.axonserver.connector.AxonServerConnectionManager;
import org.axonframework.axonserver.connector.command.AxonServerCommandBus;
import org.axonframework.axonserver.connector.command.CommandLoadFactorProvider;
import org.axonframework.axonserver.connector.command.CommandPriorityCalculator;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.NoHandlerForCommandException;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.distributed.AnnotationRoutingStrategy;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.common.Registration;
import org.axonframework.config.Configuration;
import org.axonframework.messaging.MessageDispatchInterceptor;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A desk here, and another one that is reached over the wire alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NearestCommandBusTest {

    record Ask(@TargetAggregateIdentifier OrderId order) {
    }

    record AskThere(@TargetAggregateIdentifier OrderId order) {
    }

    record AskNobody(@TargetAggregateIdentifier OrderId order) {
    }

    record Fail(@TargetAggregateIdentifier OrderId order, String how) {
    }

    record Why(String code, int times) {
    }

    private static final OrderId ORDER = new OrderId("order-1");

    @RegisterExtension
    final DevelopmentAxonServerExtension axonServer = DevelopmentAxonServerExtension.inMemory();

    private final ExecutorService handling = Executors.newFixedThreadPool(2, new AxonThreadFactory("Commands"));
    private final List<CommandMessage<?>> handledHere = new CopyOnWriteArrayList<>();
    private final List<CommandMessage<?>> handledThere = new CopyOnWriteArrayList<>();
    private Beside here;
    private Beside there;

    @BeforeAll
    void start() {
        here = Beside.at(axonServer.server(), "here", parts -> parts.configureCommandBus(this::nearest));
        there = Beside.at(axonServer.server(), "there");
        bus().subscribe(Ask.class.getName(), command -> answered(handledHere, command, "here"));
        bus().subscribe(Fail.class.getName(), command -> {
            throw failure(((Fail) command.getPayload()).how());
        });
        there.axon().commandBus().subscribe(AskThere.class.getName(), command -> answered(handledThere, command, "there"));
        await().until(() -> !send(bus(), new AskThere(ORDER)).isExceptional());
        await().until(() -> !send(there.axon().commandBus(), new Ask(ORDER)).isExceptional());
        await().until(() -> !(send(there.axon().commandBus(), new Fail(ORDER, "")).exceptionResult() instanceof NoHandlerForCommandException));
    }

    @AfterAll
    void stop() {
        there.close();
        here.close();
        handling.shutdownNow();
    }

    @BeforeEach
    void forget() {
        handledHere.clear();
        handledThere.clear();
    }

    private CommandBus nearest(Configuration axon) {
        return new NearestCommandBus(AxonServerCommandBus.builder().axonServerConnectionManager(axon.getComponent(AxonServerConnectionManager.class))
                .configuration(axon.getComponent(AxonServerConfiguration.class)).localSegment(SimpleCommandBus.builder().build())
                .serializer(axon.messageSerializer()).routingStrategy(AnnotationRoutingStrategy.defaultStrategy())
                .priorityCalculator(CommandPriorityCalculator.defaultCommandPriorityCalculator())
                .loadFactorProvider(command -> CommandLoadFactorProvider.DEFAULT_VALUE).build(), handling);
    }

    // --- where commands go

    @Test
    void a_command_for_its_own_handler_is_handed_over_as_the_object_that_it_is() {
        Ask command = new Ask(ORDER);

        assertThat(send(bus(), command).getPayload()).isEqualTo("here");

        assertThat(handledHere).singleElement().extracting(CommandMessage::getPayload).isSameAs(command);
    }

    @Test
    void a_command_that_is_sent_while_another_is_handled_is_no_part_of_that() {
        DefaultUnitOfWork<?> sender = DefaultUnitOfWork.startAndGet(GenericCommandMessage.asCommandMessage(new Ask(ORDER)));
        try {
            List<Boolean> isPart = new CopyOnWriteArrayList<>();
            Registration listening = bus().registerHandlerInterceptor((unitOfWork, chain) -> {
                isPart.add(unitOfWork.parent().isPresent() || !CurrentUnitOfWork.get().isRoot());
                return chain.proceed();
            });
            send(bus(), new Ask(ORDER));
            listening.cancel();

            assertThat(isPart).containsExactly(false);
        } finally {
            sender.rollback();
        }
    }

    @Test
    void a_command_for_anothers_handler_goes_there() {
        assertThat(send(bus(), new AskThere(ORDER)).getPayload()).isEqualTo("there");

        assertThat(handledThere).singleElement().extracting(CommandMessage::getPayload).isEqualTo(new AskThere(ORDER));
    }

    @Test
    void anothers_command_is_handled_here() {
        assertThat(send(there.axon().commandBus(), new Ask(ORDER)).getPayload()).isEqualTo("here");

        assertThat(handledHere).singleElement().extracting(CommandMessage::getPayload).isEqualTo(new Ask(ORDER));
    }

    @Test
    void a_command_that_nobody_handles_is_answered_so() {
        assertThat(send(bus(), new AskNobody(ORDER)).exceptionResult()).isInstanceOf(NoHandlerForCommandException.class);
    }

    @Test
    void who_handles_it_no_longer_is_not_asked() {
        Registration registration = bus().subscribe(AskNobody.class.getName(), command -> "here");
        assertThat(send(bus(), new AskNobody(ORDER)).getPayload()).isEqualTo("here");

        registration.cancel();

        await().untilAsserted(() -> assertThat(send(bus(), new AskNobody(ORDER)).exceptionResult()).isInstanceOf(NoHandlerForCommandException.class));
    }

    // --- failures

    @Test
    void a_refusal_keeps_its_details_as_it_does_over_the_wire() {
        CommandExecutionException near = failure(bus(), "with details");
        CommandExecutionException far = failure(there.axon().commandBus(), "with details");

        assertThat(near).hasMessage(far.getMessage());
        assertThat(near.<Why>getDetails()).isEqualTo(far.<Why>getDetails()).contains(new Why("SOLD_OUT", 3));
    }

    @Test
    void what_a_handler_threw_is_told_in_words_as_it_is_over_the_wire() {
        CommandExecutionException near = failure(bus(), "by a bug");
        CommandExecutionException far = failure(there.axon().commandBus(), "by a bug");

        assertThat(near).hasMessageContaining(far.getMessage());
        assertThat(near.getDetails()).isEqualTo(far.getDetails()).isEmpty();
    }

    @Test
    void details_further_down_are_found_as_they_are_over_the_wire() {
        assertThat(failure(bus(), "with details below").<Why>getDetails()).isEqualTo(failure(there.axon().commandBus(), "with details below").<Why>getDetails())
                .contains(new Why("SOLD_OUT", 3));
    }

    @Test
    void a_conflict_stays_one() {
        assertThat(send(bus(), new Fail(ORDER, "in a conflict")).exceptionResult()).isInstanceOf(ConcurrencyException.class).hasMessageContaining("AXONIQ-2000");
        assertThat(failure(there.axon().commandBus(), "in a conflict")).hasMessageContaining("AXONIQ-2000");
    }

    @Test
    void dispatch_interceptors_are_applied_in_the_order_they_were_registered_in() {
        List<Registration> registered = IntStream.range(0, 8).mapToObj(number -> bus().registerDispatchInterceptor(commands -> (position, command) -> command
                .andMetaData(Map.of("order", command.getMetaData().getOrDefault("order", "") + "" + number)))).toList();
        try {
            send(bus(), new Ask(ORDER));
        } finally {
            registered.forEach(Registration::cancel);
        }

        assertThat(handledHere).singleElement().satisfies(command -> assertThat(command.getMetaData()).containsEntry("order", "01234567"));
    }

    private static Exception failure(String how) {
        CommandExecutionException withDetails = new CommandExecutionException("sold out", null, new Why("SOLD_OUT", 3));
        return switch (how) {
            case "with details" -> withDetails;
            case "with details below" -> new IllegalStateException("no more", withDetails);
            case "in a conflict" -> new ConcurrencyException("[AXONIQ-2000] Invalid sequence number 0 for aggregate order-1, expected 1");
            default -> new IllegalStateException("broken");
        };
    }

    private static CommandExecutionException failure(CommandBus bus, String how) {
        Throwable failure = send(bus, new Fail(ORDER, how)).exceptionResult();
        assertThat(failure).isInstanceOf(CommandExecutionException.class);
        return (CommandExecutionException) failure;
    }

    // --- interceptors

    private Registration counting = () -> true;

    @AfterEach
    void stopCounting() {
        counting.cancel();
    }

    @Test
    void a_dispatch_interceptor_is_applied_once_wherever_the_command_goes() {
        counting = bus().registerDispatchInterceptor(counting());

        send(bus(), new Ask(ORDER));
        send(bus(), new AskThere(ORDER));

        assertThat(handledHere).singleElement().satisfies(command -> assertThat(times(command)).isEqualTo(1));
        assertThat(handledThere).singleElement().satisfies(command -> assertThat(times(command)).isEqualTo(1));
    }

    @Test
    void anothers_command_was_dispatched_there() {
        counting = bus().registerDispatchInterceptor(counting());

        send(there.axon().commandBus(), new Ask(ORDER));

        assertThat(handledHere).singleElement().satisfies(command -> assertThat(times(command)).isZero());
    }

    @Test
    void a_dispatch_interceptor_that_was_taken_away_is_applied_no_more() {
        bus().registerDispatchInterceptor(counting()).cancel();

        send(bus(), new Ask(ORDER));

        assertThat(handledHere).singleElement().satisfies(command -> assertThat(times(command)).isZero());
    }

    @Test
    void a_handler_interceptor_is_applied_once_wherever_the_command_comes_from() {
        List<String> seen = new CopyOnWriteArrayList<>();
        counting = bus().registerHandlerInterceptor((unitOfWork, chain) -> {
            seen.add(unitOfWork.getMessage().getPayloadType().getSimpleName());
            return chain.proceed();
        });

        send(bus(), new Ask(ORDER));
        send(there.axon().commandBus(), new Ask(ORDER));

        assertThat(seen).containsExactly("Ask", "Ask");
    }

    private static MessageDispatchInterceptor<CommandMessage<?>> counting() {
        return commands -> (position, command) -> command.andMetaData(Map.of("times", times(command) + 1));
    }

    private static long times(CommandMessage<?> command) {
        return ((Number) Objects.requireNonNullElse(command.getMetaData().get("times"), 0L)).longValue();
    }

    private static Object answered(List<CommandMessage<?>> handled, CommandMessage<?> command, String answer) {
        handled.add(command);
        return answer;
    }

    private CommandBus bus() {
        return here.axon().commandBus();
    }

    private static CommandResultMessage<?> send(CommandBus bus, Object command) {
        CompletableFuture<CommandResultMessage<?>> answer = new CompletableFuture<>();
        bus.dispatch(GenericCommandMessage.asCommandMessage(command), (sent, result) -> answer.complete(result));
        return answer.orTimeout(10, TimeUnit.SECONDS).join();
    }
}
