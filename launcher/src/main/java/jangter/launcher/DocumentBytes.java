package jangter.launcher;

import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.BsonConstants;
import de.bwaldvogel.mongo.wire.bson.BsonDecoder;
import de.bwaldvogel.mongo.wire.bson.BsonEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Documents as they are on the wire: a length, one field after the other, each its type, its name and its value, and a zero. A document of a read model is
 * a few hundred bytes so, and one thing for the collector; as maps within maps it is ten times as much, and a hundred things.
 */
final class DocumentBytes {

    private static final int BYTES_IN_LENGTH = 4;

    private DocumentBytes() {
    }

    static byte[] of(Document document) {
        ByteBuf bytes = Unpooled.buffer();
        BsonEncoder.encodeDocument(document, bytes);
        return taken(bytes);
    }

    /** All that was written. */
    static byte[] taken(ByteBuf written) {
        int from = written.arrayOffset() + written.readerIndex();
        return Arrays.copyOfRange(written.array(), from, from + written.readableBytes());
    }

    static Document document(byte[] bytes) {
        return BsonDecoder.decodeBson(Unpooled.wrappedBuffer(bytes));
    }

    /** Only those of its fields, without what lies beside them. */
    static Document document(byte[] bytes, Set<String> names) {
        Document some = new Document();
        for (Fields fields = new Fields(bytes, 0); fields.next();) {
            String name = fields.name();
            if (names.contains(name)) {
                some.put(name, fields.decoded());
            }
        }
        return some;
    }

    /** One field of a document after the other, none of which is made into anything until it is asked for. */
    static final class Fields {

        private final byte[] bytes;
        private final int last;
        private int start;
        private int value;
        private int end;

        /** @param at where in the bytes the document begins */
        Fields(byte[] bytes, int at) {
            this.bytes = bytes;
            this.last = at + length(at) - 1;
            this.end = at + BYTES_IN_LENGTH;
        }

        /** Goes on to the next field, if there is one. */
        boolean next() {
            if (end >= last) {
                return false;
            }
            start = end;
            value = afterText(start + 1);
            end = value + valueLength();
            return true;
        }

        byte type() {
            return bytes[start];
        }

        String name() {
            return new String(bytes, start + 1, value - start - 2, StandardCharsets.UTF_8);
        }

        /** Its value. */
        @Nullable Object decoded() {
            return BsonDecoder.decodeValue(type(), Unpooled.wrappedBuffer(bytes).readerIndex(value));
        }

        /** Where the field begins, with its type. */
        int start() {
            return start;
        }

        /** Where its value begins. */
        int value() {
            return value;
        }

        /** Where the next one begins. */
        int end() {
            return end;
        }

        private int valueLength() {
            return switch (type()) {
                case BsonConstants.TYPE_UNDEFINED, BsonConstants.TYPE_NULL, BsonConstants.TYPE_MIN_KEY, BsonConstants.TYPE_MAX_KEY -> 0;
                case BsonConstants.TYPE_BOOLEAN -> 1;
                case BsonConstants.TYPE_INT32 -> Integer.BYTES;
                case BsonConstants.TYPE_DOUBLE, BsonConstants.TYPE_UTC_DATETIME, BsonConstants.TYPE_TIMESTAMP, BsonConstants.TYPE_INT64 -> Long.BYTES;
                case BsonConstants.TYPE_DECIMAL128 -> 2 * Long.BYTES;
                case BsonConstants.TYPE_OBJECT_ID -> BsonConstants.LENGTH_OBJECTID;
                case BsonConstants.TYPE_EMBEDDED_DOCUMENT, BsonConstants.TYPE_ARRAY -> length(value);
                case BsonConstants.TYPE_UTF8_STRING, BsonConstants.TYPE_JAVASCRIPT_CODE -> BYTES_IN_LENGTH + length(value);
                case BsonConstants.TYPE_DATA -> BYTES_IN_LENGTH + 1 + length(value);
                case BsonConstants.TYPE_REGEX -> afterText(afterText(value)) - value;
                default -> throw new IllegalStateException("A field has the unknown type " + type());
            };
        }

        private int afterText(int from) {
            int at = from;
            while (bytes[at] != BsonConstants.STRING_TERMINATION) {
                at++;
            }
            return at + 1;
        }

        private int length(int at) {
            return bytes[at] & 0xFF | (bytes[at + 1] & 0xFF) << 8 | (bytes[at + 2] & 0xFF) << 16 | bytes[at + 3] << 24;
        }
    }
}
