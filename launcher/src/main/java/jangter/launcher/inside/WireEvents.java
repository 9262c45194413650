package jangter.launcher.inside;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.axoniq.axonserver.grpc.SerializedObject;
import io.axoniq.axonserver.grpc.event.Event;
import jangter.axonserver.store.NewEvent;
import jangter.axonserver.store.StoredEvent;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.axonframework.axonserver.connector.event.axon.GrpcBackedDomainEventData;
import org.axonframework.axonserver.connector.event.axon.GrpcMetaDataAwareSerializer;
import org.axonframework.axonserver.connector.util.GrpcMetaDataConverter;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.serialization.Serializer;

/** Events as they lie in the store: as Axon's connector would have sent them. */
final class WireEvents {

    /** Before it, in a serialized event; its length follows. */
    private static final byte IDENTIFIER = 1 << 3 | 2;

    private final Serializer serializer;
    private final GrpcMetaDataConverter metaData;

    WireEvents(Serializer serializer) {
        this.serializer = serializer;
        this.metaData = new GrpcMetaDataConverter(serializer);
    }

    /** For what was stored: its meta-data are no JSON. */
    Serializer reading() {
        return new GrpcMetaDataAwareSerializer(serializer);
    }

    NewEvent written(EventMessage<?> message) {
        return written(message, serializer);
    }

    NewEvent written(EventMessage<?> message, Serializer payloads) {
        var payload = message.serializePayload(payloads, byte[].class);
        Event.Builder event = Event.newBuilder().setMessageIdentifier(message.getIdentifier()).setTimestamp(message.getTimestamp().toEpochMilli())
                .setPayload(SerializedObject.newBuilder().setType(payload.getType().getName())
                        .setRevision(Objects.requireNonNullElse(payload.getType().getRevision(), ""))
                        .setData(UnsafeByteOperations.unsafeWrap(payload.getData())));
        message.getMetaData().forEach((key, value) -> event.putMetaData(key, metaData.convertToMetaDataValue(value)));
        if (message instanceof DomainEventMessage<?> domain) {
            event.setAggregateIdentifier(domain.getAggregateIdentifier()).setAggregateSequenceNumber(domain.getSequenceNumber())
                    .setAggregateType(Objects.requireNonNullElse(domain.getType(), ""));
        }
        return new NewEvent(event.getAggregateIdentifier(), event.getAggregateType(), event.getAggregateSequenceNumber(), event.getTimestamp(),
                event.build().toByteArray());
    }

    static DomainEventData<byte[]> data(StoredEvent stored) {
        try {
            return new GrpcBackedDomainEventData(Event.parseFrom(ByteString.copyFrom(stored.buffer(), stored.offset(), stored.length())));
        } catch (InvalidProtocolBufferException damaged) {
            throw new UncheckedIOException("The event at " + stored.position() + " is damaged", damaged);
        }
    }

    /** The event's identifier, which is the first thing in it; nothing of one that does not begin so. */
    static String identifier(StoredEvent stored) {
        byte[] bytes = stored.buffer();
        int at = stored.offset();
        if (bytes[at] != IDENTIFIER || bytes[at + 1] < 0) {
            return "";
        }
        return new String(bytes, at + 2, bytes[at + 1], StandardCharsets.UTF_8);
    }
}
