/** What every service needs to run. */
@NullMarked
package jangter.platform;

import org.jspecify.annotations.NullMarked;
