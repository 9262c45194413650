/** The checkout: its rules ({@link jangter.checkout.Checkout}), the Axon saga around them, its views and HTTP. */
@NullMarked
package jangter.checkout;

import org.jspecify.annotations.NullMarked;
