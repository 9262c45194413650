package jangter.platform.mongo;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoNamespace;
import jangter.platform.batch.Batch;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.bson.BSONException;
import org.bson.codecs.configuration.CodecConfigurationException;

/**
 * The events that made a batch of writes fail by what they themselves wanted written. Remembered until they are met again: then they
 * fail in their handlers, where an event can be set aside and the others go on. A process that starts anew learns it anew.
 */
final class UnwritableEvents {

    private static final int MOST = 10_000;

    private final Cache<Met, Throwable> faults = Caffeine.newBuilder().maximumSize(MOST).build();

    private record Met(MongoNamespace collection, String event) {
    }

    /** Whether that failed because of what was to be written, and would fail again, rather than because of the database's state. */
    static boolean isTheWritesFault(Throwable failure) {
        return failure instanceof MongoBulkWriteException refused && !refused.getWriteErrors().isEmpty()
                || failure instanceof BSONException || failure instanceof CodecConfigurationException || failure instanceof IllegalArgumentException;
    }

    void remember(MongoNamespace collection, String event, Throwable fault) {
        faults.put(new Met(collection, event), fault);
    }

    /** Fails if that event's writes to that collection failed before. One that is tried again by request gets a new chance. */
    void refuse(MongoNamespace collection, String view, String event) {
        Met met = new Met(collection, event);
        if (Batch.isSecondTry(CurrentUnitOfWork.get())) {
            faults.invalidate(met);
            return;
        }
        Throwable fault = faults.getIfPresent(met);
        if (fault != null) {
            throw new UnwritableEventException(view, fault);
        }
    }
}
