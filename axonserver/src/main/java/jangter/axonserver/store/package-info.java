/**
 * Where events, snapshots and scheduled events are kept: one small interface, in memory or on SQLite. Knows nothing of gRPC:
 * an event is its bytes on the wire and the few fields in them that a store has to look at.
 */
@NullMarked
package jangter.axonserver.store;

import org.jspecify.annotations.NullMarked;
