package jangter.inventory.api;

import jangter.kernel.Refusal.Kind;
import jangter.kernel.RefusalCode;

/** Why the inventory context refuses. */
public enum InventoryRefusal implements RefusalCode {

    /** No such product is on sale. */
    UNKNOWN_PRODUCT(Kind.UNKNOWN),
    /** The product's id is taken by another product. */
    PRODUCT_EXISTS(Kind.CONFLICT),
    /** The price is in another currency than the product's. */
    OTHER_CURRENCY(Kind.UNACCEPTABLE),
    /** There would be more pieces than a stock may hold, were all open deductions restored. */
    STOCK_FULL(Kind.CONFLICT);

    private final Kind kind;

    InventoryRefusal(Kind kind) {
        this.kind = kind;
    }

    @Override
    public Kind kind() {
        return kind;
    }
}
