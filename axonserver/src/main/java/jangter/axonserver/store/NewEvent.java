package jangter.axonserver.store;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * An event as it came over the wire, beside the fields of it that the store looks at. The bytes go to disk and to readers as
 * they are, so that an event is neither rebuilt nor understood on its way through.
 *
 * @param type     the aggregate's type; empty for an event outside any aggregate
 * @param instant  epoch milliseconds
 * @param message  a serialized {@code io.axoniq.axonserver.grpc.event.Event}
 */
public record NewEvent(String aggregate, String type, long sequence, long instant, byte[] message) {

    private static final int AGGREGATE_IDENTIFIER = 2;
    private static final int AGGREGATE_SEQUENCE_NUMBER = 3;
    private static final int AGGREGATE_TYPE = 4;
    private static final int TIMESTAMP = 5;
    private static final int SNAPSHOT = 8;

    public static NewEvent parse(byte[] message) {
        return parse(message, 0, message.length);
    }

    /** Reads the fields of one event inside a larger buffer; {@link #message} is then that whole buffer. */
    static NewEvent parse(byte[] buffer, int offset, int length) {
        String aggregate = "";
        String type = "";
        long sequence = 0;
        long instant = 0;
        try {
            CodedInputStream fields = CodedInputStream.newInstance(buffer, offset, length);
            for (int tag = fields.readTag(); tag != 0; tag = fields.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case AGGREGATE_IDENTIFIER -> aggregate = fields.readStringRequireUtf8();
                    case AGGREGATE_SEQUENCE_NUMBER -> sequence = fields.readInt64();
                    case AGGREGATE_TYPE -> type = fields.readStringRequireUtf8();
                    case TIMESTAMP -> instant = fields.readInt64();
                    default -> fields.skipField(tag);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Not an event: " + e.getMessage(), e);
        }
        return new NewEvent(aggregate, type, sequence, instant, buffer);
    }

    /** Events without an aggregate type carry no sequence: they are neither checked nor listed by aggregate. */
    boolean belongsToAggregate() {
        return !type.isEmpty();
    }

    /** The same event, published at another time. A scheduled event is dated when it is published. */
    NewEvent at(long instant) {
        return new NewEvent(aggregate, type, sequence, instant, with(TIMESTAMP, instant));
    }

    NewEvent asSnapshot() {
        return new NewEvent(aggregate, type, sequence, instant, with(SNAPSHOT, 1));
    }

    /** In a serialized message the last occurrence of a field counts, so that setting one is adding it at the end. */
    private byte[] with(int field, long value) {
        try {
            ByteArrayOutputStream changed = new ByteArrayOutputStream(message.length + 12);
            changed.write(message);
            CodedOutputStream added = CodedOutputStream.newInstance(changed, 16);
            added.writeInt64(field, value);
            added.flush();
            return changed.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
