/** The payment service: a wallet for each customer, what goes in, what orders take out, and what comes back. */
@NullMarked
package jangter.payment;

import org.jspecify.annotations.NullMarked;
