/** The connected clients and their event processors: what they report, and what they are told to do. */
@NullMarked
package jangter.axonserver.processors;

import org.jspecify.annotations.NullMarked;
