package jangter.launcher;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.h2.H2Database;
import de.bwaldvogel.mongo.bson.Document;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.h2.mvstore.MVStore;

/**
 * Keeps documents in a file which, whenever the process dies, holds whole requests only: each that changes anything is in it altogether or
 * not at all, and so are those before it.
 *
 * <p>The store by itself writes one map after the other while requests go on: of its states some have a document that its index does not
 * know, or a token that is ahead of its view, and a kill may leave any.
 */
final class WholeRequestsBackend extends H2Backend {

    private static final Set<String> CHANGE_NOTHING = Set.of("find", "getMore", "count", "aggregate", "distinct", "hello", "isMaster", "ismaster", "ping");
    private static final Duration SAVED_EVERY = Duration.ofSeconds(1);
    /** By then the store would save by itself what is not saved yet; its housekeeping comes about three times as often. */
    private static final Duration SAVED_AT_LATEST = Duration.ofMinutes(1);
    /** What is changed within a second should not fill it: a full one is saved at once. */
    private static final int BUFFER_KILOBYTES = 64 * 1024;

    private final ReadWriteLock changing = new ReentrantReadWriteLock();
    private final ScheduledExecutorService saver = Executors.newSingleThreadScheduledExecutor(WholeRequestsBackend::daemon);

    private WholeRequestsBackend(MVStore store) {
        super(store);
    }

    /** @throws org.h2.mvstore.MVStoreException if the file is in use or unusable */
    static WholeRequestsBackend on(String file) {
        MVStore store = new MVStore.Builder().fileName(file).autoCommitBufferSize(BUFFER_KILOBYTES).open();
        store.setAutoCommitDelay((int) SAVED_AT_LATEST.toMillis());
        WholeRequestsBackend backend = new WholeRequestsBackend(store);
        backend.saver.scheduleWithFixedDelay(backend::save, SAVED_EVERY.toMillis(), SAVED_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return backend;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "mongo-saver");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    protected MongoDatabase openOrCreateDatabase(String name) {
        return new Database(name);
    }

    @Override
    public Document handleCommand(Channel channel, String database, String command, Document query) {
        if (CHANGE_NOTHING.contains(command)) {
            return super.handleCommand(channel, database, command, query);
        }
        changing.readLock().lock();
        try {
            return super.handleCommand(channel, database, command, query);
        } finally {
            changing.readLock().unlock();
        }
    }

    /** Changes wait meanwhile, until it is written: documents are changed in place, also those that a saved state is made of. Reads go on. */
    void save() {
        changing.writeLock().lock();
        try {
            commit();
        } finally {
            changing.writeLock().unlock();
        }
    }

    @Override
    public void close() {
        saver.shutdown();
        super.close();
    }

    private final class Database extends H2Database {

        Database(String name) {
            super(name, getMvStore(), getCursorRegistry());
        }

        @Override
        protected MongoCollection<Object> openOrCreateCollection(String name, CollectionOptions options) {
            // its maps are named as the library names them, so that it opens what was written before
            String full = getFullCollectionNamespace(name);
            return new FoundById(this, name, options, getMvStore().openMap("databases." + full), getMvStore().openMap("meta." + full), cursorRegistry);
        }
    }
}
