package jangter.console;

import io.axoniq.axonserver.grpc.MetaDataValue;
import io.axoniq.axonserver.grpc.event.Event;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.StringNode;

/**
 * An event as the store holds it: of whatever type and however old, no class is needed to look at it.
 *
 * @param position in the order of all events; nothing where it was read from its aggregate's own stream, which does not tell
 * @param aggregateId empty if it is no aggregate's, as the checkout's events are
 * @param payload as JSON; as text if it is none
 */
record StoredEvent(@Nullable Long position, String id, Instant timestamp, String type, String revision, String aggregateId,
        String aggregateType, long sequence, JsonNode payload, Map<String, Object> metaData) {

    private static final JsonMapper JSON = JsonMapper.shared();

    static StoredEvent of(@Nullable Long position, Event event) {
        return new StoredEvent(position, event.getMessageIdentifier(), Instant.ofEpochMilli(event.getTimestamp()), event.getPayload().getType(),
                event.getPayload().getRevision(), event.getAggregateType().isEmpty() ? "" : event.getAggregateIdentifier(), event.getAggregateType(),
                event.getAggregateSequenceNumber(), payload(event), metaData(event));
    }

    private static JsonNode payload(Event event) {
        byte[] data = event.getPayload().getData().toByteArray();
        try {
            return JSON.readTree(data);
        } catch (JacksonException noJson) {
            return StringNode.valueOf(new String(data, StandardCharsets.UTF_8));
        }
    }

    private static Map<String, Object> metaData(Event event) {
        Map<String, Object> metaData = new TreeMap<>();
        event.getMetaDataMap().forEach((key, value) -> metaData.put(key, plain(value)));
        return metaData;
    }

    private static Object plain(MetaDataValue value) {
        return switch (value.getDataCase()) {
            case TEXT_VALUE -> value.getTextValue();
            case NUMBER_VALUE -> value.getNumberValue();
            case BOOLEAN_VALUE -> value.getBooleanValue();
            case DOUBLE_VALUE -> value.getDoubleValue();
            case BYTES_VALUE -> value.getBytesValue().getData().toStringUtf8();
            case DATA_NOT_SET -> "";
        };
    }
}
