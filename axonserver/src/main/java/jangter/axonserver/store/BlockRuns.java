package jangter.axonserver.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the index says about one block: the rows of the table {@code run}, one for each aggregate with events in it.
 *
 * @param bytes how much is read to find this out from the block again
 */
record BlockRuns(long lastToken, int bytes, List<Run> runs) {

    /**
     * @param last  the aggregate's last sequence number in the block
     * @param block the block's first token
     */
    record Run(String aggregate, long last, long block) {
    }

    /** @param last each aggregate in the block with its last sequence number there */
    static BlockRuns of(Block block, Map<String, Long> last) {
        return new BlockRuns(block.lastToken(), block.bytes().length, last.entrySet().stream()
                .map(run -> new Run(run.getKey(), run.getValue(), block.firstToken())).toList());
    }

    static BlockRuns of(Block block) {
        Map<String, Long> last = new HashMap<>();
        for (StoredEvent event : block.from(block.firstToken())) {
            NewEvent fields = NewEvent.parse(event.buffer(), event.offset(), event.length());
            if (fields.belongsToAggregate()) {
                last.put(fields.aggregate(), fields.sequence());
            }
        }
        return of(block, last);
    }

    /** A block without any aggregate waits in memory, too. */
    int rows() {
        return Math.max(1, runs.size());
    }
}
