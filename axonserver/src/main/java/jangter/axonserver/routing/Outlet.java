package jangter.axonserver.routing;

/** The way to a connected client; safe for use by many threads, and silent once the connection is gone. */
public interface Outlet<T> {

    /** Whether the connection takes more at once. What is sent regardless waits in memory. */
    boolean isReady();

    void send(T message);
}
