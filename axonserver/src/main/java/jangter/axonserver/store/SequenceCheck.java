package jangter.axonserver.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Sequence numbers are unique and gapless per aggregate id, whatever its type, within a transaction too. */
final class SequenceCheck {

    private SequenceCheck() {
    }

    /**
     * Each aggregate of the transaction with the sequence number it will have reached.
     *
     * @param highest the highest sequence number so far, -1 for an unknown aggregate
     * @throws InvalidSequenceException at the first event that does not continue its aggregate
     */
    static Map<String, Long> check(List<NewEvent> transaction, ToLongFunction<String> highest) {
        Map<String, Long> reached = new HashMap<>();
        for (NewEvent event : transaction) {
            if (!event.belongsToAggregate()) {
                continue;
            }
            Long last = reached.get(event.aggregate());
            long expected = (last == null ? highest.applyAsLong(event.aggregate()) : last) + 1;
            if (event.sequence() != expected) {
                throw new InvalidSequenceException(event.aggregate(), event.sequence(), expected);
            }
            reached.put(event.aggregate(), expected);
        }
        return reached;
    }
}
