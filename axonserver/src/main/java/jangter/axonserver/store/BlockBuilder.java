package jangter.axonserver.store;

import java.util.Arrays;

/** Fills one {@link Block} after another. */
final class BlockBuilder {

    private byte[] bytes = new byte[4096];
    private int used;
    private int size;

    void add(byte[] message) {
        ensureRoom(message.length + 5);
        int length = message.length;
        while (length > 0x7f) {
            bytes[used++] = (byte) (length & 0x7f | 0x80);
            length >>>= 7;
        }
        bytes[used++] = (byte) length;
        System.arraycopy(message, 0, bytes, used, message.length);
        used += message.length;
        size++;
    }

    int size() {
        return size;
    }

    int bytes() {
        return used;
    }

    /** The events added since the last call, as a block. */
    Block take(long firstToken) {
        Block block = new Block(firstToken, size, Arrays.copyOf(bytes, used));
        used = 0;
        size = 0;
        return block;
    }

    private void ensureRoom(int more) {
        if (used + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(used + more, bytes.length * 2));
        }
    }
}
