package jangter.platform.messaging;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.MessageDispatchInterceptor;

/** Notes on every command when it was sent, so that waiting can be told from work when its event is looked at. */
final class SendTimes implements MessageDispatchInterceptor<CommandMessage<?>> {

    @Override
    public BiFunction<Integer, CommandMessage<?>, CommandMessage<?>> handle(List<? extends CommandMessage<?>> commands) {
        return (index, command) -> command.andMetaData(Map.of(Asked.SENT_AT, GenericEventMessage.clock.instant().toString()));
    }
}
