package jangter.axonserver.store;

import java.util.zip.CRC32C;

/** SQLite notices a damaged page's structure, not its content: so each block carries a checksum. */
final class Checksum {

    private Checksum() {
    }

    static int of(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        return (int) crc.getValue();
    }
}
