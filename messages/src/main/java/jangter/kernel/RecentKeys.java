package jangter.kernel;

import java.util.LinkedHashSet;

/**
 * The last {@value #MOST} idempotency keys that an aggregate has acted on, oldest first. Enough to see a request that is sent again;
 * bounded, so that it does not grow with the aggregate.
 *
 * @param <K> the key's type
 */
public final class RecentKeys<K> {

    public static final int MOST = 100;

    /** Not any set: the order has to survive a snapshot. */
    private final LinkedHashSet<K> keys = new LinkedHashSet<>();

    public boolean contains(K key) {
        return keys.contains(key);
    }

    public void add(K key) {
        keys.add(key);
        if (keys.size() > MOST) {
            keys.remove(keys.iterator().next());
        }
    }
}
