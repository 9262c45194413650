/** Starts everything in one JVM on embedded defaults, or any one service alone. */
@NullMarked
package jangter.launcher;

import org.jspecify.annotations.NullMarked;
