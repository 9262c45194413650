package jangter.console;

import io.axoniq.axonserver.grpc.event.Event;
import jangter.console.EventReader.Placed;
import jangter.kernel.OrderId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Finds in the store what was told of an order and its payments. The order's own events are found by its id. Those of the wallet, the
 * products and the coupon lie among thousands of others' in streams that may be old, and those of the checkout itself in no
 * aggregate's stream: they are looked for around every instant that the checkout's page knows of.
 */
@Component
class CheckoutHistory {

    private static final Duration BEFORE = Duration.ofSeconds(2);
    private static final Duration AFTER = Duration.ofSeconds(3);
    /** Instants so near together share one look. */
    private static final Duration SLACK = Duration.ofSeconds(1);
    private static final Pattern INSTANT = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z");
    private static final int MOST_SEARCHED = 100_000;
    private static final int STRETCH = 8_192;

    private final EventReader reader;

    CheckoutHistory(EventReader reader) {
        this.reader = reader;
    }

    /**
     * What was found.
     *
     * @param complete false if so much else happened at the time that not all of it was looked at
     */
    record Found(List<StoredEvent> events, boolean complete) {

        Found {
            events = List.copyOf(events);
        }
    }

    /** From one position to before another. */
    private record Range(long from, long until) {
    }

    /** @param checkout the checkout's page, as its service tells it */
    Found of(OrderId order, JsonNode checkout) {
        List<String> names = new ArrayList<>(List.of(order.value()));
        checkout.path("attempts").forEach(attempt -> names.add(attempt.path("paymentId").asString()));
        Map<String, StoredEvent> found = new LinkedHashMap<>();
        reader.between(order.value(), 0, reader.lastOf(order.value()) + 1)
                .forEach(placed -> found.put(placed.event().getMessageIdentifier(), StoredEvent.of(null, placed.event())));
        long searched = 0;
        List<Range> ranges = ranges(checkout);
        for (Range range : ranges) {
            for (long from = range.from(); from < range.until() && searched < MOST_SEARCHED; from += STRETCH) {
                List<Placed> stretch = reader.between(from, Math.min(range.until(), from + STRETCH));
                searched += stretch.size();
                stretch.stream().filter(placed -> tellsOf(placed.event(), names))
                        .forEach(placed -> found.put(placed.event().getMessageIdentifier(), StoredEvent.of(placed.place(), placed.event())));
            }
        }
        boolean complete = searched >= ranges.stream().mapToLong(range -> range.until() - range.from()).sum();
        return new Found(found.values().stream().sorted(Comparator.comparing(StoredEvent::timestamp)
                .thenComparing(event -> event.position() == null ? -1 : event.position())).toList(), complete);
    }

    /** Ranges that do not overlap, so that nothing is read twice. */
    private List<Range> ranges(JsonNode checkout) {
        TreeSet<Instant> instants = new TreeSet<>();
        collect(checkout, instants);
        List<Range> ranges = new ArrayList<>();
        long end = reader.last() + 1;
        long read = 0;
        Instant covered = Instant.EPOCH;
        for (Instant instant : instants) {
            if (instant.plus(AFTER).isBefore(covered.plus(SLACK))) {
                continue;
            }
            long from = Math.max(read, reader.firstAt(instant.minus(BEFORE)));
            long until = Math.min(end, reader.firstAt(instant.plus(AFTER)));
            covered = instant.plus(AFTER);
            if (from < until) {
                ranges.add(new Range(from, until));
                read = until;
            }
        }
        return ranges;
    }

    /** Every instant on the page, whatever it is of. */
    private static void collect(JsonNode node, TreeSet<Instant> instants) {
        if (node.isString() && INSTANT.matcher(node.asString()).matches()) {
            instants.add(Instant.parse(node.asString()));
        }
        node.forEach(child -> collect(child, instants));
    }

    private static boolean tellsOf(Event event, List<String> names) {
        String payload = event.getPayload().getData().toString(StandardCharsets.UTF_8);
        return names.stream().anyMatch(payload::contains);
    }
}
