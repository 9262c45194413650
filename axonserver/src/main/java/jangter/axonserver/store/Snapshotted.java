package jangter.axonserver.store;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Which aggregates may have a snapshot: nearly none does, and each that is read for the first time is asked for one. A Bloom filter of one hash, so that it
 * stays as small as it is however many there are; of a million it would know nothing any more, and nothing would be wrong.
 */
final class Snapshotted {

    private static final int BITS = 1 << 20;

    private final AtomicLongArray words = new AtomicLongArray(BITS / Long.SIZE);

    /** From now on it may. */
    void add(String aggregate) {
        int bit = bit(aggregate);
        words.accumulateAndGet(bit / Long.SIZE, 1L << bit, (known, added) -> known | added);
    }

    /** False only of one that has not been added. */
    boolean mayBe(String aggregate) {
        int bit = bit(aggregate);
        return (words.get(bit / Long.SIZE) & 1L << bit) != 0;
    }

    private static int bit(String aggregate) {
        int hash = aggregate.hashCode();
        return (hash ^ hash >>> 12) & BITS - 1;
    }
}
