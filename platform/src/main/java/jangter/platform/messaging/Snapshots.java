package jangter.platform.messaging;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.axonframework.eventsourcing.EventCountSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.SnapshotTriggerDefinition;
import org.axonframework.eventsourcing.Snapshotter;

/**
 * Takes snapshots beside the commands. Axon would read the aggregate anew and write it down on the thread of the command that was one too
 * many, before that is answered: a pause for all who wait for the aggregate.
 */
public final class Snapshots implements AutoCloseable {

    private final Snapshotter snapshotter;
    private final ExecutorService beside = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "snapshots");
        thread.setDaemon(true);
        return thread;
    });

    Snapshots(Snapshotter snapshotter) {
        this.snapshotter = snapshotter;
    }

    /** One of each aggregate after so many events. */
    public SnapshotTriggerDefinition every(int events) {
        return new EventCountSnapshotTriggerDefinition(this::schedule, events);
    }

    /** While the service stops none is taken: the next process takes it. */
    private void schedule(Class<?> type, String aggregate) {
        try {
            beside.execute(() -> snapshotter.scheduleSnapshot(type, aggregate));
        } catch (RejectedExecutionException stopping) {
            // as said
        }
    }

    @Override
    public void close() {
        beside.shutdownNow();
    }
}
