/**
 * The shop as it was, to measure ours by: a checkout in one transaction of one PostgreSQL database, and in one two-phase commit over
 * four, led once by the least that the protocol demands and once by a transaction manager as shops have it. They do the checkout alone:
 * they keep no history, feed no views, and cannot be replayed.
 */
@NullMarked
package jangter.benchmarks.yardstick;

import org.jspecify.annotations.NullMarked;
