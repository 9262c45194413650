package jangter.platform.messaging;

import java.time.Instant;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;

/** Where a rebuild begins: a position, whose event is the first to be handled, or an instant. */
final class StartingPoint {

    private StartingPoint() {
    }

    /** @throws IllegalArgumentException if the text is neither */
    static @Nullable TrackingToken parse(String from, EventStore events) {
        try {
            if (from.contains("T")) {
                return events.createTokenAt(Instant.parse(from));
            }
            long position = Long.parseLong(from);
            if (position < 0) {
                throw new IllegalArgumentException("A position is not negative");
            }
            return new GlobalSequenceTrackingToken(position - 1);
        } catch (java.time.format.DateTimeParseException | NumberFormatException neither) {
            throw new IllegalArgumentException("Neither a position nor an instant", neither);
        }
    }
}
