package jangter.launcher;

import de.bwaldvogel.mongo.bson.Document;
import java.nio.ByteBuffer;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.h2.mvstore.type.ObjectDataType;

/** {@linkplain DocumentBytes Documents} in the file as they are in memory. What was written before by Java's own serialization is read too. */
final class BsonType extends BasicDataType<byte[]> {

    /** No type of the store's own begins with this. */
    private static final byte BSON = (byte) 0xB5;
    /**
     * What a document counts as: 16 KB make a page of the file, all of which is written when one of them changes, and many that change lie anywhere. So it
     * counts as more than it is, but not as much as would make a page of each few: pages above those, with their ids, would be most of what is in memory.
     */
    private static final int USUAL_BYTES = 2_500;

    private final ObjectDataType before = new ObjectDataType();

    @Override
    public int getMemory(byte[] document) {
        return USUAL_BYTES;
    }

    @Override
    public void write(WriteBuffer to, byte[] document) {
        to.put(BSON).put(document);
    }

    @Override
    public byte[] read(ByteBuffer from) {
        if (from.get(from.position()) != BSON) {
            return DocumentBytes.of((Document) before.read(from));
        }
        from.get();
        // its length comes first, the least significant byte before the others
        byte[] document = new byte[Integer.reverseBytes(from.getInt(from.position()))];
        from.get(document);
        return document;
    }

    @Override
    public byte[][] createStorage(int size) {
        return new byte[size][];
    }
}
