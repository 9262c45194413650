package jangter.launcher.inside;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.axonframework.axonserver.connector.command.AxonServerCommandBus;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandResultMessage;
import org.axonframework.commandhandling.callbacks.NoOpCallback;
import org.axonframework.commandhandling.distributed.CommandDispatchException;
import org.axonframework.common.Registration;
import org.axonframework.lifecycle.Lifecycle;
import org.axonframework.messaging.Distributed;
import org.axonframework.messaging.HandlerExecutionException;
import org.axonframework.messaging.MessageDispatchInterceptor;
import org.axonframework.messaging.MessageHandler;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.modelling.command.ConcurrencyException;

/**
 * Hands a command to this process's own handler if there is one, as the object that it is, and else to Axon Server, which also brings the commands
 * of others. An aggregate that another process handles at the same time is no matter: whoever writes second is refused by the event store.
 */
final class NearestCommandBus implements CommandBus, Distributed<CommandBus>, Lifecycle {

    private final AxonServerCommandBus axonServer;
    private final CommandBus own;
    private final Executor handling;
    private final Set<String> handled = ConcurrentHashMap.newKeySet();
    /** In the order in which they were registered. */
    private final List<MessageDispatchInterceptor<? super CommandMessage<?>>> interceptors = new CopyOnWriteArrayList<>();

    NearestCommandBus(AxonServerCommandBus axonServer, Executor handling) {
        this.axonServer = axonServer;
        this.own = axonServer.localSegment();
        this.handling = handling;
    }

    @Override
    public <C> void dispatch(CommandMessage<C> command) {
        dispatch(command, NoOpCallback.INSTANCE);
    }

    @Override
    public <C, R> void dispatch(CommandMessage<C> command, CommandCallback<? super C, ? super R> callback) {
        CommandMessage<C> intercepted = intercept(command);
        if (handled.contains(command.getCommandName())) {
            // not on this thread, whose unit of work would take the command into its own
            handling.execute(() -> own.<C, R>dispatch(intercepted, (answered, result) -> callback.onResult(answered, asOverTheWire(result))));
        } else {
            axonServer.dispatch(intercepted, callback);
        }
    }

    @SuppressWarnings("unchecked")
    private <C> CommandMessage<C> intercept(CommandMessage<C> command) {
        CommandMessage<C> intercepted = command;
        for (MessageDispatchInterceptor<? super CommandMessage<?>> interceptor : interceptors) {
            intercepted = (CommandMessage<C>) interceptor.handle(intercepted);
        }
        return intercepted;
    }

    /** Senders know failures as they come from another process: what the handler threw is in the text, and only details travel. */
    private static <R> CommandResultMessage<? extends R> asOverTheWire(CommandResultMessage<? extends R> result) {
        if (!result.isExceptional()) {
            return result;
        }
        Throwable failure = result.exceptionResult();
        boolean isKnown = failure instanceof HandlerExecutionException || failure instanceof CommandDispatchException || failure instanceof ConcurrencyException;
        return isKnown ? result : GenericCommandResultMessage.asCommandResultMessage(new CommandExecutionException(String.valueOf(failure), failure));
    }

    @Override
    public Registration subscribe(String commandName, MessageHandler<? super CommandMessage<?>> handler) {
        Registration everywhere = axonServer.subscribe(commandName, handler);
        handled.add(commandName);
        return () -> {
            handled.remove(commandName);
            return everywhere.cancel();
        };
    }

    @Override
    public Registration registerHandlerInterceptor(MessageHandlerInterceptor<? super CommandMessage<?>> interceptor) {
        return own.registerHandlerInterceptor(interceptor);
    }

    @Override
    public Registration registerDispatchInterceptor(MessageDispatchInterceptor<? super CommandMessage<?>> interceptor) {
        interceptors.add(interceptor);
        return () -> interceptors.remove(interceptor);
    }

    @Override
    public CommandBus localSegment() {
        return own;
    }

    @Override
    public void registerLifecycleHandlers(LifecycleRegistry lifecycle) {
        axonServer.registerLifecycleHandlers(lifecycle);
    }
}
