package jangter.benchmarks.yardstick;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The transactions that a coordinator has decided to commit, on disk. Decisions that come together are synced together. */
final class DecisionLog implements AutoCloseable {

    private final FileChannel file;
    private final Object syncing = new Object();
    private volatile long written;
    private long synced;

    DecisionLog(Path path) {
        try {
            file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns when the decision is on disk. */
    void commit(long transaction) {
        try {
            long at = write(transaction);
            synchronized (syncing) {
                if (synced < at) {
                    long upTo = written;
                    file.force(false);
                    synced = upTo;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized long write(long transaction) throws IOException {
        written += file.write(ByteBuffer.wrap(("commit " + transaction + "\n").getBytes(StandardCharsets.US_ASCII)));
        return written;
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
