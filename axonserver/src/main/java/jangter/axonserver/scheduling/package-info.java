/** Publishes scheduled events when they are due. */
@NullMarked
package jangter.axonserver.scheduling;

import org.jspecify.annotations.NullMarked;
