/** Value types that every context shares: identifiers, money, quantities, refusals, and what an aggregate remembers of payments. */
@NullMarked
package jangter.kernel;

import org.jspecify.annotations.NullMarked;
