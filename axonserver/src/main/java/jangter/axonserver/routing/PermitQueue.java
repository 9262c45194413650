package jangter.axonserver.routing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;

/**
 * Messages that wait for one handler. A message leaves when the handler has permits for it and its connection takes more; a higher
 * priority leaves first, equal ones in the order they came.
 */
final class PermitQueue<T> {

    static final int CAPACITY = 10_000;

    enum Offer { TAKEN, FULL, CLOSED }

    private record Waiting<T>(T message, long priority, long order) {
    }

    private final Outlet<?> outlet;
    private final Predicate<T> delivery;
    private final PriorityQueue<Waiting<T>> waiting = new PriorityQueue<>(
            Comparator.<Waiting<T>>comparingLong(Waiting::priority).reversed().thenComparingLong(Waiting::order));
    private long permits;
    private long order;
    private boolean closed;

    /**
     * @param delivery hands a message over, and says whether it used a permit; called with this queue's lock held, so that messages
     *                 keep their order
     */
    PermitQueue(Outlet<?> outlet, Predicate<T> delivery) {
        this.outlet = outlet;
        this.delivery = delivery;
    }

    synchronized Offer offer(T message, long priority) {
        if (closed) {
            return Offer.CLOSED;
        }
        if (waiting.size() >= CAPACITY) {
            return Offer.FULL;
        }
        waiting.add(new Waiting<>(message, priority, order++));
        deliver();
        return Offer.TAKEN;
    }

    synchronized void addPermits(long more) {
        permits += more;
        deliver();
    }

    /** To be called when something that held deliveries back has changed. */
    synchronized void deliver() {
        while (permits > 0 && !waiting.isEmpty() && outlet.isReady()) {
            if (delivery.test(waiting.remove().message())) {
                permits--;
            }
        }
    }

    synchronized void remove(T message) {
        waiting.removeIf(candidate -> candidate.message() == message);
    }

    /** Takes no more, and returns what was never delivered, in order. */
    synchronized List<T> close() {
        closed = true;
        List<T> left = new ArrayList<>();
        while (!waiting.isEmpty()) {
            left.add(waiting.remove().message());
        }
        return left;
    }
}
