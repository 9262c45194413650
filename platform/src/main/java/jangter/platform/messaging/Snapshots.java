package jangter.platform.messaging;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.axonframework.common.caching.Cache;
import org.axonframework.config.Configuration;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.EventCountSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.SnapshotTriggerDefinition;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.Aggregate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes snapshots beside the commands. Axon would read the aggregate anew and write it down on the thread of the command that was one too
 * many, before that is answered: a pause for all who wait for the aggregate.
 */
public final class Snapshots implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

    private final Configuration axon;
    private final Cache memory;
    private final ExecutorService beside = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "snapshots");
        thread.setDaemon(true);
        return thread;
    });

    /** @param memory where aggregates are kept */
    Snapshots(Configuration axon, Cache memory) {
        this.axon = axon;
        this.memory = memory;
    }

    /**
     * One of each aggregate after so many events, as it is in memory: its events lie each in another block of the store, and to read some hundreds of them
     * costs more than the commands that made them. Its commands wait while it is written down, so it must be small.
     */
    public SnapshotTriggerDefinition every(int events) {
        return new EventCountSnapshotTriggerDefinition((type, aggregate) -> schedule(() -> take(type, aggregate)), events);
    }

    /** The same of large aggregates, which are read anew: no command waits. */
    public SnapshotTriggerDefinition everyOfLarge(int events) {
        return new EventCountSnapshotTriggerDefinition((type, aggregate) -> schedule(() -> readAnew(type, aggregate)), events);
    }

    /** Once the command that was one too many is through. While the service stops none is taken: the next process takes it. */
    private void schedule(Runnable taking) {
        if (CurrentUnitOfWork.isStarted() && CurrentUnitOfWork.get().phase().isBefore(UnitOfWork.Phase.COMMIT)) {
            CurrentUnitOfWork.get().afterCommit(appended -> begin(taking));
        } else {
            begin(taking);
        }
    }

    private void begin(Runnable taking) {
        try {
            beside.execute(taking);
        } catch (RejectedExecutionException stopping) {
            // as said
        }
    }

    /** What was let go meanwhile is not brought back for a snapshot. */
    private void take(Class<?> type, String id) {
        if (memory.containsKey(id)) {
            takeFromMemory(type, id);
        } else {
            readAnew(type, id);
        }
    }

    private void readAnew(Class<?> type, String id) {
        axon.snapshotter().scheduleSnapshot(type, id);
    }

    /** None is needed, so that one could not be taken is nobody's failure. */
    private void takeFromMemory(Class<?> type, String id) {
        try {
            DefaultUnitOfWork.startAndGet(null).execute(() -> axon.eventStore().storeSnapshot(snapshot(axon.repository(type).load(id), id)));
        } catch (RuntimeException failed) {
            LOG.warn("No snapshot was taken of {}: {}", id, failed.toString());
        }
    }

    /** From here on its lock is held. */
    private static <T> DomainEventMessage<T> snapshot(Aggregate<T> aggregate, String id) {
        return aggregate.invoke(root -> new GenericDomainEventMessage<>(aggregate.type(), id, aggregate.version(), root));
    }

    @Override
    public void close() {
        beside.shutdownNow();
    }
}
