package jangter.order.api;

import jangter.kernel.Money;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import jangter.kernel.Require;

/** So many pieces of one product, at the price of the moment the order was placed. */
public record OrderLine(ProductId productId, Quantity quantity, Money unitPrice) {

    /** The most pieces of one product in one order. */
    public static final int MOST_PIECES = 1_000_000;

    public OrderLine {
        Require.present("product", productId);
        Require.between("quantity", Require.present("quantity", quantity).value(), 1, MOST_PIECES);
        Require.that(!Require.present("unit price", unitPrice).isNegative(), "unit price", "must not be negative");
    }

    public Money price() {
        return unitPrice.times(quantity);
    }
}
