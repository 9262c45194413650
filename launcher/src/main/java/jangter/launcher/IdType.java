package jangter.launcher;

import java.nio.ByteBuffer;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.h2.mvstore.type.ObjectDataType;

/**
 * Ids in the file and in their order as the store itself has them, which looks for each that it compares at what it may be; nearly all are text. The store's
 * own type remembers what it met last, for whichever thread comes next, so each use has one of its own.
 */
final class IdType extends BasicDataType<Object> {

    @Override
    public int compare(Object one, Object other) {
        return one instanceof String text && other instanceof String otherText ? text.compareTo(otherText) : new ObjectDataType().compare(one, other);
    }

    @Override
    public int getMemory(Object id) {
        return new ObjectDataType().getMemory(id);
    }

    @Override
    public void write(WriteBuffer to, Object id) {
        new ObjectDataType().write(to, id);
    }

    @Override
    public Object read(ByteBuffer from) {
        return new ObjectDataType().read(from);
    }

    @Override
    public Object[] createStorage(int size) {
        return new Object[size];
    }
}
