/** Who may do what: bearer tokens, doors that stand open, and headers that keep browsers out of mischief. */
@NullMarked
package jangter.platform.security;

import org.jspecify.annotations.NullMarked;
