package jangter.inventory;

import jangter.kernel.Money;
import jangter.kernel.Name;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;

/** A product as its page shows it. */
record ProductDetails(ProductId productId, Name name, Money price, Quantity stock) {
}
