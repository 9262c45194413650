package jangter.axonserver.routing;

import io.axoniq.axonserver.grpc.command.Command;
import io.axoniq.axonserver.grpc.command.CommandResponse;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Hands each command to the one handler that its routing key falls to, and exactly one answer back. */
public final class CommandRouter {

    private final long patienceNanos;
    private final Map<String, List<HashRing.Member<CommandHandler>>> subscriptions = new HashMap<>();
    private final Map<String, HashRing<CommandHandler>> rings = new ConcurrentHashMap<>();
    private final Set<PendingCommand> pending = ConcurrentHashMap.newKeySet();

    /** @param patience after which a command that is still unanswered is answered with an error */
    public CommandRouter(Duration patience) {
        this.patienceNanos = patience.toNanos();
    }

    public CommandHandler connect(Outlet<Command> outlet) {
        return new CommandHandler(this, outlet);
    }

    /**
     * @param sender gets one answer, an error in it where there is no other
     * @return to be run when the sender has gone
     */
    public Runnable dispatch(Command command, Consumer<CommandResponse> sender) {
        PendingCommand dispatched = new PendingCommand(command, sender, System.nanoTime() + patienceNanos);
        pending.add(dispatched);
        route(dispatched);
        return () -> {
            // what was delivered goes on, and its answer is dropped
            dispatched.abandon();
            pending.remove(dispatched);
        };
    }

    void route(PendingCommand command) {
        PermitQueue.Offer offer;
        do {
            CommandHandler handler = handlerFor(command);
            if (handler == null) {
                refuse(command, "AXONIQ-4000", "No Handler for command: " + command.command().getName());
                return;
            }
            command.routedTo(handler);
            offer = handler.offer(command);
        } while (offer == PermitQueue.Offer.CLOSED);
        if (offer == PermitQueue.Offer.FULL) {
            refuse(command, "AXONIQ-1900", "Too many commands wait for the handler of " + command.command().getName());
        }
    }

    private @Nullable CommandHandler handlerFor(PendingCommand command) {
        HashRing<CommandHandler> ring = rings.get(command.command().getName());
        return ring == null ? null : ring.memberFor(command.routingKey());
    }

    void answered(PendingCommand command, CommandResponse response) {
        pending.remove(command);
        command.answer(response);
    }

    void lost(PendingCommand command, String clientId) {
        refuse(command, "AXONIQ-4001", "Connection lost while executing command on: " + clientId);
    }

    private void refuse(PendingCommand command, String code, String message) {
        pending.remove(command);
        command.refuse(code, message);
    }

    /** Answers what has been pending for too long; to be called from time to time. */
    public void refuseOverdue() {
        long now = System.nanoTime();
        for (PendingCommand command : pending) {
            if (command.isOverdue(now)) {
                refuse(command, "AXONIQ-4002", "No answer in time to command " + command.command().getName());
                CommandHandler handler = command.handler();
                if (handler != null) {
                    handler.forget(command);
                }
            }
        }
    }

    /** A client that comes back before its old stream is seen to be gone takes its own place. */
    synchronized void subscribe(String command, HashRing.Member<CommandHandler> member) {
        List<HashRing.Member<CommandHandler>> members = subscriptions.computeIfAbsent(command, name -> new ArrayList<>());
        members.removeIf(other -> other.value() == member.value());
        members.add(member);
        arrange(command);
    }

    synchronized void unsubscribe(String command, CommandHandler handler) {
        List<HashRing.Member<CommandHandler>> members = subscriptions.get(command);
        if (members != null && members.removeIf(member -> member.value() == handler)) {
            arrange(command);
        }
    }

    synchronized void unsubscribeAll(CommandHandler handler) {
        for (String command : List.copyOf(subscriptions.keySet())) {
            unsubscribe(command, handler);
        }
    }

    private void arrange(String command) {
        List<HashRing.Member<CommandHandler>> members = subscriptions.getOrDefault(command, List.of());
        if (members.isEmpty()) {
            subscriptions.remove(command);
            rings.remove(command);
        } else {
            rings.put(command, new HashRing<>(members));
        }
    }
}
