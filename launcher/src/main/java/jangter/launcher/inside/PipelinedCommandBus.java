package jangter.launcher.inside;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandResultMessage;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.distributed.RoutingStrategy;
import org.axonframework.messaging.MessageHandler;

/** Handles commands one after the other without waiting for the disk in between, and answers each once what it decided is there: see {@link Appends}. */
final class PipelinedCommandBus extends SimpleCommandBus {

    private final Appends appends;
    private final RoutingStrategy routing;
    private final Executor answering;

    /**
     * @param routing tells which aggregate a command is for
     * @param answering where answers are given that had to wait: the disk's own thread has better to do
     */
    PipelinedCommandBus(Builder builder, Appends appends, RoutingStrategy routing, Executor answering) {
        super(builder);
        this.appends = appends;
        this.routing = routing;
        this.answering = answering;
        registerHandlerInterceptor((unitOfWork, chain) -> {
            String aggregate = routing.getRoutingKey(unitOfWork.getMessage());
            unitOfWork.afterCommit(committed -> appends.decided(aggregate));
            unitOfWork.onRollback(refused -> appends.decided(aggregate));
            return chain.proceed();
        });
    }

    @Override
    protected <C, R> void handle(CommandMessage<C> command, MessageHandler<? super CommandMessage<?>> handler,
            CommandCallback<? super C, ? super R> callback) {
        appends.begin();
        try {
            super.<C, R>handle(command, handler, (handled, result) -> answer(handled, result, appends.end(routing.getRoutingKey(handled)), callback));
        } finally {
            appends.over();
        }
    }

    private <C, R> void answer(CommandMessage<? extends C> command, CommandResultMessage<? extends R> result, CompletableFuture<Void> stored,
            CommandCallback<? super C, ? super R> callback) {
        if (stored.isDone() && !stored.isCompletedExceptionally()) {
            callback.onResult(command, result);
        } else {
            stored.whenCompleteAsync((done, failure) -> callback.onResult(command,
                    failure == null ? result : GenericCommandResultMessage.<R>asCommandResultMessage(Appends.explained(failure))), answering);
        }
    }
}
