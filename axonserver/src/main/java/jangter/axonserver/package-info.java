/**
 * A single-node development server that the stock Axon connector takes for Axon Server. For development and tests on one machine;
 * clusters and production are real Axon Server's.
 */
@NullMarked
package jangter.axonserver;

import org.jspecify.annotations.NullMarked;
