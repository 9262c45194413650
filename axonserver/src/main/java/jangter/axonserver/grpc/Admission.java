package jangter.axonserver.grpc;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Bounds what transactions on their way to the store hold in memory. A transaction is let in when there is room and then runs to
 * its end, however large: were it stopped halfway, transactions could wait for each other's room for ever.
 */
final class Admission {

    private final long room;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private long held;

    Admission(long roomBytes) {
        this.room = roomBytes;
    }

    void enter(Runnable start) {
        synchronized (this) {
            if (held >= room) {
                waiting.add(start);
                return;
            }
        }
        start.run();
    }

    synchronized void hold(long bytes) {
        held += bytes;
    }

    void release(long bytes) {
        Queue<Runnable> starting = new ArrayDeque<>();
        synchronized (this) {
            held -= bytes;
            if (held < room) {
                starting.addAll(waiting);
                waiting.clear();
            }
        }
        starting.forEach(Runnable::run);
    }
}
