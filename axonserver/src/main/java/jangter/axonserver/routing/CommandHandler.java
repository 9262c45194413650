package jangter.axonserver.routing;

import io.axoniq.axonserver.grpc.command.Command;
import io.axoniq.axonserver.grpc.command.CommandResponse;
import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One client's command stream: what waits for it, and what it was handed and has not answered. */
public final class CommandHandler {

    private final CommandRouter router;
    private final Outlet<Command> outlet;
    private final PermitQueue<PendingCommand> queue;
    /** By message id; a sender that lost its connection may send the same command again while the first still runs. */
    private final Map<String, Deque<PendingCommand>> delivered = new HashMap<>();
    private volatile String clientId = "unknown";

    CommandHandler(CommandRouter router, Outlet<Command> outlet) {
        this.router = router;
        this.outlet = outlet;
        this.queue = new PermitQueue<>(outlet, this::deliver);
    }

    public void subscribe(String command, String clientId, int loadFactor) {
        this.clientId = clientId;
        router.subscribe(command, new HashRing.Member<>(clientId, loadFactor <= 0 ? 100 : loadFactor, this));
    }

    public void unsubscribe(String command) {
        router.unsubscribe(command, this);
    }

    public void addPermits(long permits) {
        queue.addPermits(permits);
    }

    public void ready() {
        queue.deliver();
    }

    public void answer(CommandResponse response) {
        PendingCommand pending = take(response.getRequestIdentifier());
        if (pending != null) {
            router.answered(pending, response);
        }
    }

    /** The stream has ended: what was delivered fails, since it may have been done; the rest goes to other handlers. */
    public void lost() {
        router.unsubscribeAll(this);
        List<PendingCommand> unanswered = new ArrayList<>();
        List<PendingCommand> undelivered = queue.close();
        synchronized (delivered) {
            delivered.values().forEach(unanswered::addAll);
            delivered.clear();
        }
        unanswered.forEach(pending -> router.lost(pending, clientId));
        undelivered.forEach(router::route);
    }

    PermitQueue.Offer offer(PendingCommand pending) {
        return queue.offer(pending, pending.priority());
    }

    private boolean deliver(PendingCommand pending) {
        if (pending.isAnswered()) {
            // overdue, or its sender has gone
            return false;
        }
        synchronized (delivered) {
            delivered.computeIfAbsent(pending.id(), id -> new ArrayDeque<>(1)).add(pending);
        }
        outlet.send(pending.command());
        return true;
    }

    void forget(PendingCommand pending) {
        queue.remove(pending);
        synchronized (delivered) {
            Deque<PendingCommand> same = delivered.get(pending.id());
            if (same != null && same.remove(pending) && same.isEmpty()) {
                delivered.remove(pending.id());
            }
        }
    }

    private @Nullable PendingCommand take(String id) {
        synchronized (delivered) {
            Deque<PendingCommand> same = delivered.get(id);
            if (same == null) {
                return null;
            }
            PendingCommand first = same.poll();
            if (same.isEmpty()) {
                delivered.remove(id);
            }
            return first;
        }
    }

    String clientId() {
        return clientId;
    }
}
