/** The order service: orders, what customers see of them, and the HTTP door to them. */
@NullMarked
package jangter.order;

import org.jspecify.annotations.NullMarked;
