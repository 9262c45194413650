package jangter.benchmarks;

import io.axoniq.axonserver.connector.event.EventStream;
import io.axoniq.axonserver.grpc.SerializedObject;
import io.axoniq.axonserver.grpc.event.EventWithToken;
import jangter.kernel.PaymentId;
import jangter.kernel.Refusal;
import jangter.kernel.RefusedException;
import jangter.order.api.FailureReason;
import jangter.order.api.OrderEvent.OrderCompleted;
import jangter.order.api.OrderEvent.PaymentFailed;
import jangter.platform.messaging.Serializers;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.axonframework.axonserver.connector.AxonServerConfiguration;
import org.axonframework.axonserver.connector.AxonServerConnectionManager;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.config.Configuration;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The shop's command bus, and the stream of its events, by way of its Axon Server. */
final class Bus implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int AT_ONCE = 64;
    private static final int READ_AHEAD = 5_000;

    private final Configuration axon;
    private final Serializer serializer = Serializers.json();
    private final Map<PaymentId, Sinks.One<String>> awaited = new ConcurrentHashMap<>();
    private final AxonServerConnectionManager connections;
    private final Thread listener = new Thread(this::listen, "bench-events");

    Bus(String servers) {
        axon = DefaultConfigurer.defaultConfiguration()
                .configureSerializer(configuration -> serializer).configureMessageSerializer(configuration -> serializer)
                .configureEventSerializer(configuration -> serializer)
                .registerComponent(AxonServerConfiguration.class,
                        configuration -> AxonServerConfiguration.builder().servers(servers).componentName("jangter-bench").build())
                .start();
        // before another thread asks for it too: the configuration makes its components one after the other
        connections = axon.getComponent(AxonServerConnectionManager.class);
        listener.setDaemon(true);
        listener.start();
    }

    /** What the command's handler answers; or fails with {@link RefusedException}. */
    <R> Mono<R> send(Object command) {
        return Mono.<R>fromFuture(() -> axon.commandGateway().send(command)).timeout(PATIENCE).onErrorMap(Bus::refusal);
    }

    private static Throwable refusal(Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        return cause instanceof CommandExecutionException execution
                ? execution.<Refusal>getDetails().<Throwable>map(RefusedException::new).orElse(cause) : cause;
    }

    void sendAll(Collection<?> all) {
        Flux.fromIterable(all).flatMap(this::send, AT_ONCE).then().block();
    }

    /** What comes of a payment; to be asked before it is requested. */
    Mono<String> outcome(PaymentId payment) {
        return awaited.computeIfAbsent(payment, id -> Sinks.one()).asMono();
    }

    long head() {
        try {
            return connections.getConnection().eventChannel().getLastToken().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException unanswered) {
            throw new CannotMeasureException("Axon Server does not say how many events it has: " + unanswered);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotMeasureException("Interrupted.");
        }
    }

    private void listen() {
        try (EventStream events = connections.getConnection().eventChannel().openStream(head(), READ_AHEAD)) {
            while (true) {
                EventWithToken next = events.nextIfAvailable(1, TimeUnit.SECONDS);
                if (next != null) {
                    hear(next.getEvent().getPayload());
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void hear(SerializedObject payload) {
        String type = payload.getType();
        if (type.equals(OrderCompleted.class.getName())) {
            OrderCompleted completed = read(payload);
            end(completed.paymentId(), Target.COMPLETED);
        } else if (type.equals(PaymentFailed.class.getName())) {
            PaymentFailed failed = read(payload);
            end(failed.paymentId(), failed.reason() == FailureReason.OUT_OF_STOCK ? Target.REFUSED : failed.reason().name());
        }
    }

    private void end(PaymentId payment, String outcome) {
        Sinks.One<String> waiting = awaited.remove(payment);
        if (waiting != null) {
            waiting.tryEmitValue(outcome);
        }
    }

    private <T> T read(SerializedObject payload) {
        return serializer.deserialize(new SimpleSerializedObject<>(payload.getData().toByteArray(), byte[].class, payload.getType(),
                payload.getRevision().isEmpty() ? null : payload.getRevision()));
    }

    @Override
    public void close() {
        listener.interrupt();
        axon.shutdown();
    }
}
