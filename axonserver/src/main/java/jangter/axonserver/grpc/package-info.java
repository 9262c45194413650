/** Axon Server's gRPC services, each a thin class that translates between calls and the rest of the server. */
@NullMarked
package jangter.axonserver.grpc;

import org.jspecify.annotations.NullMarked;
