package jangter.launcher;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.h2.H2Database;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.oplog.Oplog;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps documents in a file which, whenever the process dies, holds whole requests only: each that changes anything is in it altogether or
 * not at all, and so are those before it.
 *
 * <p>The store by itself writes one map after the other while requests go on: of its states some have a document that its index does not
 * know, or a token that is ahead of its view, and a kill may leave any.
 */
final class WholeRequestsBackend extends H2Backend {

    private static final Logger LOG = LoggerFactory.getLogger(WholeRequestsBackend.class);
    private static final Set<String> CHANGE_NOTHING = Set.of("find", "getMore", "count", "aggregate", "distinct", "hello", "isMaster", "ismaster", "ping");
    private static final Duration SAVED_EVERY = Duration.ofSeconds(1);
    /** When the store could not save just then. */
    private static final Duration AGAIN_AFTER = Duration.ofMillis(20);
    /** By then the store would save by itself what is not saved yet; its housekeeping comes about three times as often. */
    private static final Duration SAVED_AT_LATEST = Duration.ofMinutes(1);
    /** In hundredths, how much of what was written must still stand, or what does is written anew, so that the rest of the file can be used. */
    private static final int STANDING = 50;
    private static final int SAVES_FOR_EACH_TIDYING = 5;
    /**
     * The store would by itself write 16 MB anew every 20 seconds. All documents therein are in memory until they are saved, grow old there, and had the
     * collector stop everything for 0.3 s once a minute.
     */
    private static final int BYTES_TIDIED_AT_ONCE = 4 * 1024 * 1024;
    /** Below this the store tidies by itself; at 70 and less it does so only when nothing is changed. */
    private static final int STANDING_WHEN_IDLE = 70;
    /** All that cannot be had from the events again. */
    private static final Set<String> KEPT = Set.of("tokens", "sagas", "answers", "editions", "deadletters");
    private static final String VIEWS_NOW = "views";
    private static final String VIEWS_TO_COME_ANEW = "views are to come anew";
    /** By what documents count as. What is changed within a second should not fill it: a full one is saved at once. */
    private static final int BUFFER_KILOBYTES = 128 * 1024;
    /**
     * Of pages, by what documents count as, which is several times what they are: ten thousand documents. A page is made anew with each change, so these are
     * young, and the collector copies them until others take their place: six times as many took it twice as long. What is new lies beside what is new.
     */
    private static final int CACHE_MEGABYTES = 25;

    /** Without an initializer: databases are opened while this is still being made. */
    private @Nullable MVStore memory;
    private final ReadWriteLock changing = new ReentrantReadWriteLock();
    /** Of the saver's thread alone. */
    private int saves;
    private final ScheduledExecutorService saver = Executors.newSingleThreadScheduledExecutor(WholeRequestsBackend::daemon);

    private WholeRequestsBackend(MVStore store) {
        super(store);
    }

    /**
     * Saves every second, and tidies now and then.
     *
     * @param views where they are kept; all else is in the file
     * @throws org.h2.mvstore.MVStoreException if the file is in use or unusable
     */
    static WholeRequestsBackend on(String file, EmbeddedSettings.Views views) {
        WholeRequestsBackend backend = unsaved(file, views);
        backend.saver.scheduleWithFixedDelay(backend::tidyAndSave, SAVED_EVERY.toMillis(), SAVED_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return backend;
    }

    /** The same, which is saved when it is told to. */
    static WholeRequestsBackend unsaved(String file, EmbeddedSettings.Views views) {
        // half as much to write: the system writes to the disk what half a minute left, and meanwhile nobody's event gets there
        MVStore store = new MVStore.Builder().fileName(file).autoCommitBufferSize(BUFFER_KILOBYTES)
                .autoCompactFillRate(STANDING_WHEN_IDLE).cacheSize(CACHE_MEGABYTES).compress().open();
        store.setAutoCommitDelay((int) SAVED_AT_LATEST.toMillis());
        about(store).put(VIEWS_NOW, views.name());
        if (views == EmbeddedSettings.Views.MEMORY) {
            about(store).put(VIEWS_TO_COME_ANEW, "at every start, and at the first one on a file");
        }
        return new WholeRequestsBackend(store);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "mongo-saver");
        thread.setDaemon(true);
        return thread;
    }

    private static MVMap<String, String> about(MVStore store) {
        return store.openMap("jangter.about");
    }

    /** Whether the views are not what they were when their tokens were last moved: they are, or were until now, in memory. */
    boolean viewsAreToComeAnew() {
        return about(getMvStore()).containsKey(VIEWS_TO_COME_ANEW);
    }

    /** The views' tokens are at their start, and tell the truth from now on for as long as the views last. */
    void viewsComeAnew() {
        if (!viewsAreInMemory()) {
            about(getMvStore()).remove(VIEWS_TO_COME_ANEW);
        }
    }

    private boolean viewsAreInMemory() {
        return EmbeddedSettings.Views.MEMORY.name().equals(about(getMvStore()).get(VIEWS_NOW));
    }

    private synchronized MVStore storeOf(String collection) {
        if (!viewsAreInMemory() || KEPT.contains(collection) || collection.startsWith("system.")) {
            return getMvStore();
        }
        if (memory == null) {
            memory = MVStore.open(null);
        }
        return memory;
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

    /**
     * Changes wait only until it is settled what is to be written: it stays as it is while the store's own threads write it. Reads go on.
     */
    void save() {
        boolean isBusy;
        changing.writeLock().lock();
        try {
            isBusy = getMvStore().tryCommit() < 0 && getMvStore().hasUnsavedChanges();
        } finally {
            changing.writeLock().unlock();
        }
        if (isBusy && !saver.isShutdown()) {
            // with its housekeeping
            saver.schedule(this::save, AGAIN_AFTER.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Before it saves: then the store's threads have long written what was saved before. */
    private void tidyAndSave() {
        saves++;
        try {
            if (saves % SAVES_FOR_EACH_TIDYING == 0) {
                tidy();
            }
        } catch (MVStoreException untidy) {
            LOG.warn("The embedded Mongo's file could not be tidied, and grows meanwhile", untidy);
        } finally {
            save();
        }
    }

    /** Writes anew a little of what still stands where most does not. It changes nothing that is said, so it may fall between a request's writes. */
    void tidy() {
        getMvStore().compact(STANDING, BYTES_TIDIED_AT_ONCE);
    }

    @Override
    public void close() {
        saver.shutdown();
        super.close();
    }

    private final class Database extends H2Database {

        private static final String ID_INDEX = "_id_";
        private static final IdType ID = new IdType();
        private static final BsonType BSON = new BsonType();

        Database(String name) {
            super(name, getMvStore(), getCursorRegistry());
        }

        // maps are named as the library names them, so that what was written before is opened

        @Override
        protected MongoCollection<Object> openOrCreateCollection(String name, CollectionOptions options) {
            return new FoundById(this, name, options, documents(name), cursorRegistry);
        }

        private MVMap<Object, byte[]> documents(String collection) {
            return storeOf(collection).openMap("databases." + getFullCollectionNamespace(collection),
                    new MVMap.Builder<Object, byte[]>().keyType(ID).valueType(BSON));
        }

        @Override
        protected Index<Object> openOrCreateUniqueIndex(String collection, String name, List<IndexKey> keys, boolean sparse) {
            if (!name.equals(ID_INDEX)) {
                return super.openOrCreateUniqueIndex(collection, name, keys, sparse);
            }
            storeOf(collection).removeMap(indexMap(collection, name));
            return new IdIndex(documents(collection), name, keys);
        }

        @Override
        protected Index<Object> openOrCreateSecondaryIndex(String collection, String name, List<IndexKey> keys, boolean sparse) {
            return FieldIndex.canBeOf(keys) ? new FieldIndex(storeOf(collection).openMap(indexMap(collection, name), new MVMap.Builder<String, Object>()
                    .keyType(StringDataType.INSTANCE).valueType(ID)), name, keys) : super.openOrCreateSecondaryIndex(collection, name, keys, sparse);
        }

        @Override
        protected void dropIndex(MongoCollection<Object> collection, String name) {
            super.dropIndex(collection, name);
            forget(collection.getCollectionName(), indexMap(collection.getCollectionName(), name));
        }

        @Override
        public void dropCollection(String name, Oplog oplog) {
            super.dropCollection(name, oplog);
            forget(name, "databases." + getFullCollectionNamespace(name));
        }

        private void forget(String collection, String map) {
            if (storeOf(collection) != getMvStore()) {
                storeOf(collection).removeMap(map);
            }
        }

        private String indexMap(String collection, String index) {
            return getFullCollectionNamespace(collection) + "._index_" + index;
        }
    }
}
