package jangter.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/**
 * SQLite's log of the event store, as far as it was complete at one time. (A header of 32 bytes with two salts; then frames, each a header of
 * 24 bytes that repeats the salts, and a page. A frame that tells the size of the database ends a commit.)
 *
 * @param salts which log it is: it is begun anew from time to time
 * @param end where the last commit ended
 */
record WriteAheadLog(Path file, int pageSize, long salts, long end) {

    private static final int HEADER = 32;
    private static final int FRAME_HEADER = 24;
    /** In the shared memory: up to which frame the log was synced, so that it could be copied into the database. */
    private static final int COPIED_UP_TO = 128;

    /** The log in that folder as it is now. */
    static WriteAheadLog in(Path folder) throws IOException {
        Path file = folder.resolve("events.db-wal");
        try (FileChannel log = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer header = read(log, 0, HEADER);
            if (header.remaining() < HEADER) {
                return new WriteAheadLog(file, 0, 0, 0);
            }
            int pageSize = header.getInt(8);
            long salts = header.getLong(16);
            long end = HEADER;
            for (long at = HEADER;; at += FRAME_HEADER + pageSize) {
                ByteBuffer frame = read(log, at, FRAME_HEADER);
                if (frame.remaining() < FRAME_HEADER || frame.getLong(8) != salts) {
                    return new WriteAheadLog(file, pageSize, salts, end);
                }
                if (frame.getInt(4) != 0 && log.size() >= at + FRAME_HEADER + pageSize) {
                    end = at + FRAME_HEADER + pageSize;
                }
            }
        }
    }

    /**
     * Takes away what has come since, unless the database has it already (the log was synced before), and leaves a torn frame and noise there,
     * as a disk does that was writing. What the log's readers share in memory goes as well.
     *
     * @return how many bytes of complete commits were lost
     */
    long cutTail(Random noise) throws IOException {
        WriteAheadLog now = in(file.getParent());
        Path memory = file.resolveSibling("events.db-shm");
        long keep = Math.max(now.salts == salts ? end : Math.min(HEADER, now.end), now.copied(memory));
        try (FileChannel log = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            int half = (FRAME_HEADER + now.pageSize) / 2;
            ByteBuffer torn = read(log, keep, half);
            log.truncate(keep + torn.remaining());
            byte[] garbage = new byte[half];
            noise.nextBytes(garbage);
            log.write(ByteBuffer.wrap(garbage), log.size());
        }
        Files.deleteIfExists(memory);
        return now.end - keep;
    }

    private long copied(Path memory) throws IOException {
        try (FileChannel shared = FileChannel.open(memory, StandardOpenOption.READ)) {
            ByteBuffer frames = read(shared, COPIED_UP_TO, Integer.BYTES).order(ByteOrder.nativeOrder());
            return HEADER + (long) frames.getInt() * (FRAME_HEADER + pageSize);
        }
    }

    private static ByteBuffer read(FileChannel log, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && log.read(bytes, at + bytes.position()) >= 0) {
            continue;
        }
        return bytes.flip();
    }
}
