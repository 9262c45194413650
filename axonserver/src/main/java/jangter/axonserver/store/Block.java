package jangter.axonserver.store;

import java.util.ArrayList;
import java.util.List;

/**
 * Events with consecutive tokens, one after another, each behind its length as protobuf writes lengths. What is committed
 * together lies together: reading a block costs little more than reading one event.
 */
public record Block(long firstToken, int size, byte[] bytes) {

    public long lastToken() {
        return firstToken + size - 1;
    }

    /** The block's events from {@code token} on. */
    public List<StoredEvent> from(long token) {
        List<StoredEvent> events = new ArrayList<>(size);
        int at = 0;
        for (int i = 0; i < size; i++) {
            int length = 0;
            int shift = 0;
            byte part;
            do {
                part = bytes[at++];
                length |= (part & 0x7f) << shift;
                shift += 7;
            } while (part < 0);
            if (firstToken + i >= token) {
                events.add(new StoredEvent(firstToken + i, bytes, at, length));
            }
            at += length;
        }
        return events;
    }

    /** The block's events of one aggregate from {@code sequence} on, each at its sequence number. */
    List<StoredEvent> of(String aggregate, long sequence) {
        List<StoredEvent> events = new ArrayList<>();
        for (StoredEvent event : from(firstToken)) {
            NewEvent fields = NewEvent.parse(bytes, event.offset(), event.length());
            if (fields.belongsToAggregate() && fields.sequence() >= sequence && fields.aggregate().equals(aggregate)) {
                events.add(new StoredEvent(fields.sequence(), bytes, event.offset(), event.length()));
            }
        }
        return events;
    }
}
