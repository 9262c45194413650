package jangter.proof;

import static jangter.proof.Invariant.STOCK_IS_NEVER_NEGATIVE;
import static jangter.proof.Invariant.STOCK_IS_THE_SUM;

import jangter.inventory.api.InventoryEvent;
import jangter.inventory.api.InventoryEvent.ProductRegistered;
import jangter.inventory.api.InventoryEvent.StockAdded;
import jangter.inventory.api.InventoryEvent.StockDeducted;
import jangter.inventory.api.InventoryEvent.StockRestored;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import java.util.HashMap;
import java.util.Map;

/** How many pieces there must be of each product, added up. */
final class StockSums {

    private final Findings findings;
    private final Map<ProductId, Integer> stocks = new HashMap<>();

    StockSums(Findings findings) {
        this.findings = findings;
    }

    void on(InventoryEvent event) {
        if (event instanceof ProductRegistered registered) {
            register(registered);
        } else if (event instanceof StockAdded added) {
            add(added.productId(), added.quantity().value(), added.stock());
        } else if (event instanceof StockDeducted deducted) {
            add(deducted.productId(), -deducted.quantity().value(), deducted.stock());
        } else if (event instanceof StockRestored restored) {
            add(restored.productId(), restored.quantity().value(), restored.stock());
        }
    }

    private void register(ProductRegistered registered) {
        if (stocks.put(registered.productId(), registered.stock().value()) != null) {
            findings.add(STOCK_IS_THE_SUM, registered.productId(), "It was registered again with " + registered.stock() + " pieces.");
        }
    }

    /** Goes on from what the event says, so that one wrong sum is reported once and not with every event to come. */
    private void add(ProductId product, int pieces, Quantity told) {
        Integer before = stocks.put(product, told.value());
        if (before == null) {
            findings.add(STOCK_IS_THE_SUM, product, "Its stock was changed by " + pieces + " though it is not on sale.");
            return;
        }
        int sum = before + pieces;
        if (sum != told.value()) {
            findings.add(STOCK_IS_THE_SUM, product,
                    "It is said to have " + told + " pieces, but what was registered, added, deducted and restored comes to " + sum + ".");
        }
        if (sum < 0) {
            findings.add(STOCK_IS_NEVER_NEGATIVE, product, "It has " + sum + " pieces.");
        }
    }
}
