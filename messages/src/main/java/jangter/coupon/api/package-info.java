/** The words of the coupon context. */
@NullMarked
package jangter.coupon.api;

import org.jspecify.annotations.NullMarked;
