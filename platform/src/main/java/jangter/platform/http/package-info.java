/** The HTTP edge: who asks, asked twice, what is refused, pages. */
@NullMarked
package jangter.platform.http;

import org.jspecify.annotations.NullMarked;
