package jangter.console;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some events, newest first. New ones that come meanwhile move nothing: the next page begins where this one ends.
 *
 * @param next where to go on, or nothing if everything was looked at
 * @param searched how many events were looked at for this page; a selective search stops before long and is gone on with by {@code next}
 * @param backTo how far back was looked: a position in the order of all events, or among its aggregate's
 * @param backToTime when the event there happened
 */
record EventPage(List<StoredEvent> items, @Nullable String next, int searched, @Nullable Long backTo, @Nullable Instant backToTime) {

    EventPage {
        items = List.copyOf(items);
    }
}
