/** The inventory service: products, their prices, and the pieces in stock. */
@NullMarked
package jangter.inventory;

import org.jspecify.annotations.NullMarked;
