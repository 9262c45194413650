package jangter.inventory;

import jangter.kernel.Money;
import jangter.kernel.Name;
import jangter.kernel.ProductId;

/**
 * A product that sells well.
 *
 * @param sold how many pieces were sold over the last days
 */
record PopularProduct(ProductId productId, Name name, Money price, long sold) {
}
