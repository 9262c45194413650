package jangter.axonserver.store;

/**
 * One event inside the buffer it was read with.
 *
 * @param position the event's token, or its sequence number when it was read by aggregate
 */
public record StoredEvent(long position, byte[] buffer, int offset, int length) {

    static StoredEvent of(long position, byte[] message) {
        return new StoredEvent(position, message, 0, message.length);
    }
}
