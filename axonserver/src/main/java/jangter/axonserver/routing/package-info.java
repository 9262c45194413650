/**
 * Who gets which command and which query: in memory, and free of gRPC calls; a connection is an {@link Outlet}.
 */
@NullMarked
package jangter.axonserver.routing;

import org.jspecify.annotations.NullMarked;
