package jangter.axonserver.store;

import jangter.axonserver.store.BlockRuns.Run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The end of the index by aggregate, kept in memory until it is written: aggregate ids are random, so that each row lies on another page
 * of the table, and writing them with their events would make a commit of many aggregates many times as large. The writer's thread
 * adds and removes, readers look into it at the same time.
 *
 * <p>It holds blocks that are on disk, none else, and those of one commit appear together. A block goes only after its rows can be read in the
 * table: so who looks here first and there afterwards misses nothing, and may find a row twice.
 */
final class Unindexed {

    /** What one transaction takes in: a write that comes meanwhile waits for it. */
    static final int ROWS_AT_ONCE = 2_000;
    /** More is not kept in memory, about 20 MiB, however long there is no quiet moment. */
    static final int MOST_ROWS = 100_000;
    /** More is not read when the store is opened. */
    static final long MOST_BYTES = 64 * 1024 * 1024;

    private final Deque<BlockRuns> blocks = new ArrayDeque<>();
    private final Map<String, Deque<Run>> aggregates = new HashMap<>();
    private int rows;
    private long bytes;

    synchronized void add(List<BlockRuns> committed) {
        for (BlockRuns block : committed) {
            blocks.add(block);
            rows += block.rows();
            bytes += block.bytes();
            for (Run run : block.runs()) {
                aggregates.computeIfAbsent(run.aggregate(), id -> new ArrayDeque<>(1)).add(run);
            }
        }
    }

    /** The first blocks, as many as one transaction takes in: at least one if there is any. */
    synchronized List<BlockRuns> first() {
        return first(ROWS_AT_ONCE);
    }

    /** What can wait no longer: nothing within the limits, and past them as much as keeps up with commits of any size. */
    synchronized List<BlockRuns> overdue() {
        return rows > MOST_ROWS || bytes > MOST_BYTES ? first(Math.max(ROWS_AT_ONCE, rows - MOST_ROWS)) : List.of();
    }

    private List<BlockRuns> first(int most) {
        List<BlockRuns> first = new ArrayList<>();
        int taken = 0;
        for (BlockRuns block : blocks) {
            taken += block.rows();
            if (taken > most && !first.isEmpty()) {
                break;
            }
            first.add(block);
        }
        return first;
    }

    /** @param indexed what {@link #first} or {@link #overdue} gave */
    synchronized void remove(List<BlockRuns> indexed) {
        for (BlockRuns block : indexed) {
            blocks.remove();
            rows -= block.rows();
            bytes -= block.bytes();
            for (Run run : block.runs()) {
                aggregates.computeIfPresent(run.aggregate(), (id, runs) -> {
                    runs.remove();
                    return runs.isEmpty() ? null : runs;
                });
            }
        }
    }

    synchronized boolean isEmpty() {
        return blocks.isEmpty();
    }

    /** An aggregate's rows that reach {@code sequence} or lie beyond it, in their order. */
    synchronized List<Run> of(String aggregate, long sequence) {
        Deque<Run> runs = aggregates.get(aggregate);
        if (runs == null) {
            return List.of();
        }
        Deque<Run> found = new ArrayDeque<>();
        for (Iterator<Run> latestFirst = runs.descendingIterator(); latestFirst.hasNext(); ) {
            Run run = latestFirst.next();
            if (run.last() < sequence) {
                break;
            }
            found.addFirst(run);
        }
        return List.copyOf(found);
    }

    /** -1 for an aggregate with no row here. */
    synchronized long highestSequence(String aggregate) {
        Deque<Run> runs = aggregates.get(aggregate);
        return runs == null ? -1 : runs.getLast().last();
    }

    synchronized void clear() {
        blocks.clear();
        aggregates.clear();
        rows = 0;
        bytes = 0;
    }
}
