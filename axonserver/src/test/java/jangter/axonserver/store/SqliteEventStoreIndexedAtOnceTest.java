package jangter.axonserver.store;

import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

/** The same store where no quiet moment is waited for: every commit is followed by indexing, unless the next one is there. */
class SqliteEventStoreIndexedAtOnceTest extends EventStoreContract {

    @TempDir
    Path folder;

    @Override
    EventStore open() {
        return SqliteEventStore.open(folder, Duration.ZERO);
    }
}
