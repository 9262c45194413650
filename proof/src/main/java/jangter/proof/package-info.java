/** What must hold of the shop at all times, as code that reads its events. */
@NullMarked
package jangter.proof;

import org.jspecify.annotations.NullMarked;
