package jangter.launcher;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.h2.mvstore.type.ObjectDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * Ids in the file and in their order as the store itself has them, which looks for each that it compares at what it may be; nearly all are text. The store's
 * own type remembers what it met last, for whichever thread comes next, so each use has one of its own. A text of ASCII is what it is in the file, and is
 * copied, where the store takes letter by letter.
 */
final class IdType extends BasicDataType<Object> {

    /** So the store begins a text of sixteen letters and more, of which the number comes next. */
    private static final byte TEXT = 11;
    private static final int FEWEST_LETTERS = 16;
    private static final char FIRST_BEYOND_ASCII = 0x80;

    @Override
    public int compare(Object one, Object other) {
        return one instanceof String text && other instanceof String otherText ? text.compareTo(otherText) : new ObjectDataType().compare(one, other);
    }

    @Override
    public int getMemory(Object id) {
        return id instanceof String text ? StringDataType.INSTANCE.getMemory(text) : new ObjectDataType().getMemory(id);
    }

    @Override
    public void write(WriteBuffer to, Object id) {
        if (id instanceof String text && text.length() >= FEWEST_LETTERS && isAscii(text)) {
            to.put(TEXT).putVarInt(text.length()).put(text.getBytes(StandardCharsets.US_ASCII));
        } else {
            new ObjectDataType().write(to, id);
        }
    }

    /** The number of its bytes does not tell: half a letter becomes one. */
    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= FIRST_BEYOND_ASCII) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Object read(ByteBuffer from) {
        return from.get(from.position()) == TEXT ? text(from) : new ObjectDataType().read(from);
    }

    private static String text(ByteBuffer from) {
        from.get();
        int letters = DataUtils.readVarInt(from);
        byte[] bytes = new byte[letters];
        from.get(from.position(), bytes);
        for (byte letter : bytes) {
            if (letter < 0) {
                return DataUtils.readString(from, letters);
            }
        }
        from.position(from.position() + letters);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    @Override
    public Object[] createStorage(int size) {
        return new Object[size];
    }
}
