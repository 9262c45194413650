package jangter.launcher;

import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.bson.BsonDecoder;
import de.bwaldvogel.mongo.wire.bson.BsonEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.h2.mvstore.type.ObjectDataType;

/** Documents in the file as they are on the wire. What was written before by Java's own serialization is read too. */
final class BsonType extends BasicDataType<Document> {

    /** No type of the store's own begins with this. */
    private static final byte BSON = (byte) 0xB5;
    /**
     * What a document counts as: 16 KB make a page of the file, all of which is written when one of them changes, and those that change lie anywhere. So it
     * counts as more than it is.
     */
    private static final int USUAL_BYTES = 6_000;

    private final ObjectDataType before = new ObjectDataType();

    @Override
    public int getMemory(Document document) {
        return USUAL_BYTES;
    }

    @Override
    public void write(WriteBuffer to, Document document) {
        ByteBuf bytes = Unpooled.buffer();
        BsonEncoder.encodeDocument(document, bytes);
        to.put(BSON).put(bytes.array(), bytes.arrayOffset(), bytes.readableBytes());
    }

    @Override
    public Document read(ByteBuffer from) {
        if (from.get(from.position()) != BSON) {
            return (Document) before.read(from);
        }
        from.get();
        ByteBuf bytes = Unpooled.wrappedBuffer(from);
        Document document = BsonDecoder.decodeBson(bytes);
        from.position(from.position() + bytes.readerIndex());
        return document;
    }

    @Override
    public Document[] createStorage(int size) {
        return new Document[size];
    }
}
