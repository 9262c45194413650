package jangter.axonserver.store;

/**
 * An event to be published later.
 *
 * @param token   by which it is cancelled or moved
 * @param instant epoch milliseconds from which on it is due
 */
public record ScheduledEvent(String token, long instant, NewEvent event) {
}
