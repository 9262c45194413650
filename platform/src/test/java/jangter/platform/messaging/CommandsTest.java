package jangter.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.axoniq.axonserver.connector.AxonServerException;
import io.axoniq.axonserver.connector.ErrorCategory;
import io.grpc.Status;
import jangter.kernel.Refusal;
import jangter.kernel.RefusedException;
import jangter.kernel.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.NoHandlerForCommandException;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.messaging.MetaData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CommandsTest {

    private static final Refusal REFUSAL = new Refusal("sold-out", Refusal.Kind.CONFLICT, "All gone.");

    private final SimpleCommandBus bus = SimpleCommandBus.builder().build();
    private final Commands commands = new Commands(DefaultCommandGateway.builder().commandBus(bus).build(), Duration.ofSeconds(5),
            new Nobody("jangter", () -> new UUID(1, 2)));

    record Ask() {
    }

    static Stream<Exception> failuresOfTheWay() {
        return Stream.of(new AxonServerException(ErrorCategory.COMMAND_DISPATCH_ERROR, "Received exception while dispatching command", "client"),
                Status.UNAVAILABLE.asRuntimeException(), new NoHandlerForCommandException("nobody"),
                new org.axonframework.axonserver.connector.AxonServerException("AXONIQ-0001", "gone"));
    }

    @Test
    void an_answer_is_an_answer() {
        assertThat(send(() -> "done")).isEqualTo("done");
    }

    @Test
    void a_refusal_comes_back_as_one() {
        assertThatThrownBy(() -> send(() -> {
            throw new CommandExecutionException("All gone.", null, REFUSAL);
        })).isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.refusal()).isEqualTo(REFUSAL));
    }

    @ParameterizedTest
    @MethodSource("failuresOfTheWay")
    void what_fails_on_the_way_leaves_the_outcome_unknown(Exception failure) {
        assertThatThrownBy(() -> send(() -> {
            throw failure;
        })).isInstanceOf(UnavailableException.class);
    }

    @Test
    void a_bug_stays_a_bug() {
        assertThatThrownBy(() -> send(() -> {
            throw new IllegalStateException("bug");
        })).hasMessageContaining("bug").isNotInstanceOf(UnavailableException.class);
    }

    @Test
    void who_lost_a_race_for_an_aggregate_is_asked_again() {
        AtomicInteger asked = new AtomicInteger();

        assertThat(send(() -> {
            if (asked.incrementAndGet() < 3) {
                throw new CommandExecutionException("[AXONIQ-2000] Invalid sequence number 4 for aggregate order-1, expected 5", null);
            }
            return "done";
        })).isEqualTo("done");
        assertThat(asked).hasValue(3);
    }

    @Test
    void a_command_tells_on_whose_behalf_it_is() {
        List<MetaData> told = new ArrayList<>();
        bus.subscribe(Ask.class.getName(), message -> {
            told.add(message.getMetaData());
            return "done";
        });
        Asked alice = new Asked("alice", "0af7651916cd43dd8448eb211c80319c", "digest");

        commands.send(new Ask()).contextWrite(alice.context()).block();
        commands.send(new Ask()).block();
        commands.inTheNameOf("payment").send(new Ask()).block();

        assertThat(told).containsExactly(
                MetaData.from(Map.of("askedBy", "alice", "traceId", "0af7651916cd43dd8448eb211c80319c", "idempotencyKey", "digest")),
                MetaData.from(Map.of("askedBy", "jangter", "traceId", "00000000000000010000000000000002")),
                MetaData.from(Map.of("askedBy", "jangter-payment", "traceId", "00000000000000010000000000000002")));
    }

    private Object send(Callable<Object> handler) {
        bus.subscribe(Ask.class.getName(), message -> handler.call());
        return commands.send(new Ask()).block();
    }
}
