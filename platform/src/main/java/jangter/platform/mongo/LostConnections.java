package jangter.platform.mongo;

import com.mongodb.event.ConnectionPoolClearedEvent;
import com.mongodb.event.ConnectionPoolListener;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Counts how often a connection to MongoDB was lost, by whichever client. Behind the next one may be a server that has forgotten what it
 * confirmed: the embedded Mongo after a kill its last second, a real one after a failover or a power loss what was not on disk.
 */
public final class LostConnections implements ConnectionPoolListener, LongSupplier {

    private final AtomicLong times = new AtomicLong();

    @Override
    public void connectionPoolCleared(ConnectionPoolClearedEvent event) {
        times.incrementAndGet();
    }

    @Override
    public long getAsLong() {
        return times.get();
    }
}
