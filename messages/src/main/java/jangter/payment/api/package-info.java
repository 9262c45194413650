/** The words of the payment context. */
@NullMarked
package jangter.payment.api;

import org.jspecify.annotations.NullMarked;
