package jangter.console;

import io.axoniq.axonserver.grpc.event.Event;
import jangter.kernel.InvalidValueException;
import jangter.kernel.Require;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which events are wanted. All that is given must hold.
 *
 * @param aggregate the identifier of the one aggregate whose events are wanted
 * @param type a part of the event type's name, in whatever case
 * @param from not before this instant
 * @param to before this instant
 * @param text a part of the payload or meta-data as they are stored, in whatever case
 */
record EventFilter(@Nullable String aggregate, @Nullable String type, @Nullable Instant from, @Nullable Instant to, @Nullable String text) {

    private static final int MOST_CHARACTERS = 200;

    EventFilter {
        type = type == null ? null : type.toLowerCase(Locale.ROOT);
        text = text == null ? null : text.toLowerCase(Locale.ROOT);
    }

    /** Reads what came from outside; what is empty is not given. */
    static EventFilter of(@Nullable String aggregate, @Nullable String type, @Nullable String from, @Nullable String to, @Nullable String text) {
        return new EventFilter(given("aggregate", aggregate), given("type", type), instant("from", from), instant("to", to), given("text", text));
    }

    /** Whether events have to be looked at one by one. */
    boolean isSelective() {
        return type != null || text != null;
    }

    boolean matches(Event event) {
        return (from == null || event.getTimestamp() >= from.toEpochMilli())
                && (to == null || event.getTimestamp() < to.toEpochMilli())
                && (type == null || event.getPayload().getType().toLowerCase(Locale.ROOT).contains(type))
                && (text == null || says(event, text));
    }

    private static boolean says(Event event, String text) {
        return lower(event.getPayload().getData().toByteArray()).contains(text) || event.getAggregateIdentifier().toLowerCase(Locale.ROOT).contains(text)
                || event.getMetaDataMap().values().stream().anyMatch(value -> value.getTextValue().toLowerCase(Locale.ROOT).contains(text));
    }

    private static String lower(byte[] data) {
        return new String(data, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
    }

    private static @Nullable String given(String field, @Nullable String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        Require.that(value.length() <= MOST_CHARACTERS, field, "must be " + MOST_CHARACTERS + " characters or fewer");
        return value.strip();
    }

    private static @Nullable Instant instant(String field, @Nullable String value) {
        String given = given(field, value);
        if (given == null) {
            return null;
        }
        try {
            Instant instant = Instant.parse(given);
            // what a store can be asked for: milliseconds since 1970
            Require.that(!instant.isBefore(Instant.EPOCH) && instant.isBefore(Instant.parse("9999-12-31T00:00:00Z")), field, "must be an instant of our era");
            return instant;
        } catch (DateTimeException unreadable) {
            throw new InvalidValueException(field, "must be an instant such as 2026-11-22T09:00:00Z");
        }
    }
}
