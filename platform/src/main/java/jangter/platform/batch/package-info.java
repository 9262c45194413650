/** What one batch of events writes, together. */
@NullMarked
package jangter.platform.batch;

import org.jspecify.annotations.NullMarked;
