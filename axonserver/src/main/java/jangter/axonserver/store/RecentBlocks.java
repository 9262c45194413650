package jangter.axonserver.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The end of the store, kept in memory within a limit, so that readers who are up to date do not go to the disk. */
final class RecentBlocks {

    private final int limit;
    private final TreeMap<Long, Block> blocks = new TreeMap<>();
    private int bytes;

    RecentBlocks(int limit) {
        this.limit = limit;
    }

    synchronized void add(List<Block> committed) {
        for (Block block : committed) {
            blocks.put(block.firstToken(), block);
            bytes += block.bytes().length;
        }
        while (bytes > limit) {
            bytes -= blocks.pollFirstEntry().getValue().bytes().length;
        }
    }

    /** Empty where {@code token} is not held. */
    synchronized List<Block> from(long token, int maxBytes) {
        Map.Entry<Long, Block> first = blocks.floorEntry(token);
        if (first == null || first.getValue().lastToken() < token) {
            return List.of();
        }
        List<Block> found = new ArrayList<>();
        int size = 0;
        for (Block block : blocks.tailMap(first.getKey(), true).values()) {
            if (!found.isEmpty() && size + block.bytes().length > maxBytes) {
                break;
            }
            found.add(block);
            size += block.bytes().length;
        }
        return found;
    }

    synchronized void clear() {
        blocks.clear();
        bytes = 0;
    }
}
