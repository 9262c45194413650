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
import org.axonframework.commandhandling.NoHandlerForCommandException;
import org.axonframework.commandhandling.distributed.CommandDispatchException;
import org.axonframework.commandhandling.gateway.CommandGateway;
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

    /** @param patience how long an answer may take */
    public Commands(CommandGateway gateway, Duration patience) {
        this.gateway = gateway;
        this.patience = patience;
    }

    /**
     * Sends the command when subscribed to.
     *
     * @return what its handler answers; or fails with {@link RefusedException}, where the handler refused and nothing changed, or with
     *     {@link UnavailableException}, where no answer came and the outcome is unknown
     */
    public <R> Mono<R> send(Object command) {
        return Mono.<R>fromFuture(() -> gateway.send(command))
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
