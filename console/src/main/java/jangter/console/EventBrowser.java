package jangter.console;

import io.axoniq.axonserver.grpc.event.Event;
import jangter.console.EventReader.Placed;
import jangter.kernel.InvalidValueException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Pages through the store from new to old. The store can only be read from old to new, so it is read in stretches, each before the one
 * read last, and longer ones the longer nothing is found.
 *
 * <p>Nothing in the store finds an event by its type or text, so such a search looks at them one by one. It does so for a bounded number
 * and time, and then tells how far it came: the next page goes on there.
 */
@Component
class EventBrowser {

    private static final int LONGEST_STRETCH = 8_192;
    private static final int MOST_SEARCHED = 50_000;
    private static final Duration LONGEST_SEARCH = Duration.ofMillis(200);
    /** A cursor is the place before which to go on. */
    private static final Pattern CURSOR = Pattern.compile("\\d{1,18}");

    private final EventReader reader;
    private final Clock clock;

    EventBrowser(EventReader reader, Clock clock) {
        this.reader = reader;
        this.clock = clock;
    }

    /** Reads a stretch of events, from one place to before another. */
    private interface Stretches {
        List<Placed> between(long from, long until);
    }

    EventPage page(EventFilter filter, int size, @Nullable String cursor) {
        long before = cursor == null ? Long.MAX_VALUE : parse(cursor);
        String aggregate = filter.aggregate();
        if (aggregate != null) {
            long end = Math.min(before, reader.lastOf(aggregate) + 1);
            return search(filter, size, 0, end, false, (from, until) -> reader.between(aggregate, from, until));
        }
        long start = filter.from() == null ? 0 : reader.firstAt(filter.from());
        long end = Math.min(before, filter.to() == null ? reader.last() + 1 : reader.firstAt(filter.to()));
        return search(filter, size, start, end, true, reader::between);
    }

    private EventPage search(EventFilter filter, int size, long start, long end, boolean global, Stretches stretches) {
        List<StoredEvent> found = new ArrayList<>();
        Instant deadline = clock.instant().plus(LONGEST_SEARCH);
        long at = end;
        int searched = 0;
        Event oldest = null;
        for (int stretch = size; at > start && found.size() < size && searched < MOST_SEARCHED; stretch = Math.min(stretch * 4, LONGEST_STRETCH)) {
            List<Placed> events = new ArrayList<>(stretches.between(Math.max(start, at - stretch), at));
            Collections.reverse(events);
            for (Placed placed : events) {
                at = placed.place();
                oldest = placed.event();
                searched++;
                if (filter.matches(placed.event())) {
                    found.add(StoredEvent.of(global ? at : null, placed.event()));
                }
                if (found.size() == size) {
                    break;
                }
            }
            if (events.isEmpty() || clock.instant().isAfter(deadline)) {
                break;
            }
        }
        return new EventPage(found, at > start ? Long.toString(at) : null, searched, oldest == null ? null : at,
                oldest == null ? null : Instant.ofEpochMilli(oldest.getTimestamp()));
    }

    private static long parse(String cursor) {
        if (!CURSOR.matcher(cursor).matches()) {
            throw new InvalidValueException("cursor", "must be one that the page before told");
        }
        return Long.parseLong(cursor);
    }
}
