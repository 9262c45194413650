package jangter.launcher;

import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.BsonConstants;
import de.bwaldvogel.mongo.wire.bson.BsonDecoder;
import de.bwaldvogel.mongo.wire.bson.BsonEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Documents as they are on the wire: a length, one field after the other, each its type, its name and its value, and a zero. A document of a read model is
 * a few hundred bytes so, and one thing for the collector; as maps within maps it is ten times as much, and a hundred things.
 */
final class DocumentBytes {

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

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

    /** Where the last field of the document ends that begins there. */
    static int end(byte[] bytes, int at) {
        return at + intAt(bytes, at) - 1;
    }

    static Document document(byte[] bytes) {
        return BsonDecoder.decodeBson(Unpooled.wrappedBuffer(bytes));
    }

    private static int intAt(byte[] bytes, int at) {
        return (int) INTS.get(bytes, at);
    }

    /** How many bytes a value takes. */
    private static int length(byte type, byte[] bytes, int at) {
        return switch (type) {
            case BsonConstants.TYPE_NULL, BsonConstants.TYPE_UNDEFINED, BsonConstants.TYPE_MIN_KEY, BsonConstants.TYPE_MAX_KEY -> 0;
            case BsonConstants.TYPE_BOOLEAN -> 1;
            case BsonConstants.TYPE_INT32 -> Integer.BYTES;
            case BsonConstants.TYPE_DOUBLE, BsonConstants.TYPE_UTC_DATETIME, BsonConstants.TYPE_TIMESTAMP, BsonConstants.TYPE_INT64 -> Long.BYTES;
            case BsonConstants.TYPE_OBJECT_ID -> BsonConstants.LENGTH_OBJECTID;
            case BsonConstants.TYPE_DECIMAL128 -> 2 * Long.BYTES;
            case BsonConstants.TYPE_EMBEDDED_DOCUMENT, BsonConstants.TYPE_ARRAY, BsonConstants.TYPE_JAVASCRIPT_CODE_WITH_SCOPE -> intAt(bytes, at);
            case BsonConstants.TYPE_UTF8_STRING, BsonConstants.TYPE_JAVASCRIPT_CODE, BsonConstants.TYPE_SYMBOL -> Integer.BYTES + intAt(bytes, at);
            case BsonConstants.TYPE_DATA -> Integer.BYTES + 1 + intAt(bytes, at);
            case BsonConstants.TYPE_DBPOINTER -> Integer.BYTES + intAt(bytes, at) + BsonConstants.LENGTH_OBJECTID;
            case BsonConstants.TYPE_REGEX -> endOfText(bytes, endOfText(bytes, at) + 1) + 1 - at;
            default -> throw new IllegalArgumentException("There is no type " + type + " of values");
        };
    }

    private static int endOfText(byte[] bytes, int at) {
        int end = at;
        while (bytes[end] != BsonConstants.STRING_TERMINATION) {
            end++;
        }
        return end;
    }

    /** One field of a document after the other, none of which is made into anything until it is asked for. */
    static final class Fields {

        private final byte[] bytes;
        private String name = "";
        private int start;
        private int value;
        private int end;

        /** @param at where in the bytes the document begins */
        Fields(byte[] bytes, int at) {
            this.bytes = bytes;
            this.end = at + Integer.BYTES;
        }

        /** Goes on to the next field, if there is one. */
        boolean next() {
            byte type = bytes[end];
            if (type == BsonConstants.TERMINATING_BYTE) {
                return false;
            }
            start = end;
            int endOfName = endOfText(bytes, start + 1);
            name = new String(bytes, start + 1, endOfName - start - 1, StandardCharsets.UTF_8);
            value = endOfName + 1;
            end = value + length(type, bytes, value);
            return true;
        }

        byte type() {
            return bytes[start];
        }

        String name() {
            return name;
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
    }
}
