package jangter.launcher;

import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.bson.BsonDecoder;
import de.bwaldvogel.mongo.wire.bson.BsonEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Set;
import org.bson.BsonBinaryReader;
import org.bson.ByteBufNIO;
import org.bson.io.BsonInput;
import org.bson.io.ByteBufferBsonInput;
import org.jspecify.annotations.Nullable;

/**
 * Documents as they are on the wire: a length, one field after the other, each its type, its name and its value, and a zero. A document of a read model is
 * a few hundred bytes so, and one thing for the collector; as maps within maps it is ten times as much, and a hundred things.
 */
final class DocumentBytes {

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
        return at + ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at) - 1;
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
        private final BsonBinaryReader reader;
        private final BsonInput input;
        private String name = "";
        private int start;
        private int value;
        private int end;

        /** @param at where in the bytes the document begins */
        Fields(byte[] bytes, int at) {
            this.bytes = bytes;
            this.input = new ByteBufferBsonInput(new ByteBufNIO(ByteBuffer.wrap(bytes)));
            input.skip(at);
            this.reader = new BsonBinaryReader(input);
            reader.readStartDocument();
            this.end = input.getPosition();
        }

        /** Goes on to the next field, if there is one. */
        boolean next() {
            if (reader.readBsonType() == org.bson.BsonType.END_OF_DOCUMENT) {
                return false;
            }
            start = end;
            name = reader.readName();
            value = input.getPosition();
            reader.skipValue();
            end = input.getPosition();
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
