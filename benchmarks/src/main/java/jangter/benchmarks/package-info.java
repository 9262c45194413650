/** Load on a running shop, measured, and yardsticks to measure it by. Never deployed, and nothing imports it. */
@NullMarked
package jangter.benchmarks;

import org.jspecify.annotations.NullMarked;
