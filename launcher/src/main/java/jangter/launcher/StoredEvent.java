package jangter.launcher;

import io.axoniq.axonserver.grpc.event.EventWithToken;
import jangter.platform.messaging.Serializers;
import java.time.Instant;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;

/**
 * An event as the store has it.
 *
 * @param token its place in the store
 * @param id its own
 * @param at when it happened, by the clock of who told it
 */
record StoredEvent(long token, String id, Instant at, Object payload) {

    private static final Serializer SERIALIZER = Serializers.json();

    static StoredEvent of(EventWithToken read) {
        var event = read.getEvent();
        var payload = event.getPayload();
        return new StoredEvent(read.getToken(), event.getMessageIdentifier(), Instant.ofEpochMilli(event.getTimestamp()),
                SERIALIZER.deserialize(new SimpleSerializedObject<>(payload.getData().toByteArray(), byte[].class, payload.getType(),
                        payload.getRevision().isEmpty() ? null : payload.getRevision())));
    }
}
