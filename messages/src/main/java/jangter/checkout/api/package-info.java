/** The words of the checkout, which leads an order through the contexts. */
@NullMarked
package jangter.checkout.api;

import org.jspecify.annotations.NullMarked;
