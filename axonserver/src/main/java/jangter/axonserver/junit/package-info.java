/** A development server for a test class. */
@NullMarked
package jangter.axonserver.junit;

import org.jspecify.annotations.NullMarked;
