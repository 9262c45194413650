/** Coupons: campaigns give them out, first come, first served, and each is spent on at most one order. */
@NullMarked
package jangter.coupon;

import org.jspecify.annotations.NullMarked;
