package jangter.axonserver.routing;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * A consistent hash: a key always falls to the same member, and few keys move when a member comes or goes. A member holds as many
 * points of the ring as its weight.
 */
final class HashRing<T> {

    record Member<T>(String name, int weight, T value) {
    }

    private final TreeMap<Long, T> points = new TreeMap<>();

    HashRing(Collection<Member<T>> members) {
        for (Member<T> member : members) {
            for (int i = 0; i < member.weight(); i++) {
                points.put(hash(member.name() + '#' + i), member.value());
            }
        }
    }

    @Nullable T memberFor(String key) {
        Map.Entry<Long, T> point = points.ceilingEntry(hash(key));
        if (point == null) {
            point = points.firstEntry();
        }
        return point == null ? null : point.getValue();
    }

    /** FNV-1a, whose bits are then mixed: names that differ in their last character only must not lie side by side. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        return hash ^ hash >>> 33;
    }
}
