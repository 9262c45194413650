package jangter.platform.messaging;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.UnknownSerializedType;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the stored events of types that this process has no class for, such as those of a later version: nothing here handles them, so
 * Axon passes them over. Comes last of the upcasters, and changes nothing. Axon Server leaves a type out of a stream once it was passed
 * over, so the count tells that there are some, not how many.
 */
final class UnknownEvents implements EventUpcaster {

    private static final Logger LOG = LoggerFactory.getLogger(UnknownEvents.class);
    private static final int MOST_TYPES = 100;
    private static final String OTHER = "other";

    private final Serializer serializer;
    private final MeterRegistry meters;
    private final Map<String, Boolean> known = new ConcurrentHashMap<>();
    private final Map<String, String> tags = new ConcurrentHashMap<>();

    UnknownEvents(Serializer serializer, MeterRegistry meters) {
        this.serializer = serializer;
        this.meters = meters;
    }

    @Override
    public Stream<IntermediateEventRepresentation> upcast(Stream<IntermediateEventRepresentation> events) {
        return events.peek(event -> {
            if (!isKnown(event.getType())) {
                count(event.getType().getName());
            }
        });
    }

    private boolean isKnown(SerializedType type) {
        return known.computeIfAbsent(type.getName(), name -> {
            boolean isKnown = serializer.classForType(type) != UnknownSerializedType.class;
            // null is not remembered: who can write events at will shall not fill our memory
            return isKnown || known.size() < MOST_TYPES * MOST_TYPES ? isKnown : null;
        }) == Boolean.TRUE;
    }

    private void count(String type) {
        String tag = tags.get(type);
        if (tag == null) {
            tag = tags.size() < MOST_TYPES ? type : OTHER;
            if (tag.equals(type) && tags.putIfAbsent(type, tag) == null) {
                LOG.warn("Events of type {} are passed over: this version does not know it", type);
            }
        }
        meters.counter("jangter.events.unknown", "type", tag).increment();
    }
}
