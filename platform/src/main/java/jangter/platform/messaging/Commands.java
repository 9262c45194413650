package jangter.platform.messaging;

import io.grpc.StatusRuntimeException;
import jangter.kernel.Refusal;
import jangter.kernel.RefusedException;
import jangter.kernel.UnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.axonframework.axonserver.connector.AxonServerException;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.NoHandlerForCommandException;
import org.axonframework.commandhandling.distributed.CommandDispatchException;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.ConcurrencyException;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Sends commands from the HTTP edge and from policies. */
public final class Commands {

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(20);
    private static final int CONFLICT_RETRIES = 5;
    /** How Axon Server says that someone else wrote to the aggregate first. */
    private static final String INVALID_SEQUENCE = "AXONIQ-2000";

    private final CommandGateway gateway;
    private final Duration patience;
    private final Nobody nobody;

    /**
     * @param patience how long an answer may take
     * @param nobody who asks where nobody does
     */
    Commands(CommandGateway gateway, Duration patience, Nobody nobody) {
        this.gateway = gateway;
        this.patience = patience;
        this.nobody = nobody;
    }

    /** Commands that a service gives by itself, such as a policy's. */
    public Commands inTheNameOf(String service) {
        return new Commands(gateway, patience, new Nobody("jangter-" + service, nobody.nonces()));
    }

    /**
     * Sends the command when subscribed to, on behalf of who asked; see {@link Asked}.
     *
     * @return what its handler answers; or fails with {@link RefusedException}, where the handler refused and nothing changed, or with
     *     {@link UnavailableException}, where no answer came and the outcome is unknown
     */
    public <R> Mono<R> send(Object command) {
        return Mono.deferContextual(context -> send(command, Asked.in(context).orElseGet(nobody::asked).metaData()));
    }

    private <R> Mono<R> send(Object command, MetaData onBehalf) {
        return Mono.<R>fromFuture(() -> gateway.send(GenericCommandMessage.asCommandMessage(command).andMetaData(onBehalf)))
                .onErrorMap(CompletionException.class, CompletionException::getCause)
                // two processes may hold the same aggregate while handlers come and go: who lost the race reads anew
                .retryWhen(Retry.backoff(CONFLICT_RETRIES, FIRST_BACKOFF).filter(Commands::isConflict)
                        .onRetryExhaustedThrow((spec, signal) -> signal.failure()))
                .timeout(patience)
                .onErrorMap(failure -> explain(command, failure));
    }

    private static boolean isConflict(Throwable failure) {
        return failure instanceof ConcurrencyException
                || failure instanceof CommandExecutionException && String.valueOf(failure.getMessage()).contains(INVALID_SEQUENCE);
    }

    private static Throwable explain(Object command, Throwable failure) {
        if (failure instanceof CommandExecutionException execution) {
            Refusal refusal = execution.<Refusal>getDetails().orElse(null);
            if (refusal != null) {
                return new RefusedException(refusal);
            }
        }
        String what = command.getClass().getSimpleName();
        if (failure instanceof TimeoutException || failure instanceof NoHandlerForCommandException
                || failure instanceof CommandDispatchException || failure instanceof AxonServerException || isOfTheConnection(failure)
                || isConflict(failure)) {
            return new UnavailableException(what + " was not answered in time", failure);
        }
        return failure;
    }

    /** What the connector throws by itself is of another type than what the framework makes of a server's answer. */
    private static boolean isOfTheConnection(Throwable failure) {
        return failure instanceof io.axoniq.axonserver.connector.AxonServerException || failure instanceof StatusRuntimeException;
    }
}
