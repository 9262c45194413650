package jangter.inventory;

import jangter.inventory.api.InventoryCommand.SettleDeductions;
import jangter.kernel.ProductId;
import jangter.order.api.OrderEvent.OrderCompleted;
import jangter.platform.messaging.Commands;
import jangter.platform.messaging.CommandsPerBatch;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.stereotype.Component;

/**
 * Once an order is complete, its deductions are final, and its products need not keep what restoring would need. Telling a product
 * again changes nothing, and is spared where processors are replayed.
 */
@Component
@ProcessingGroup("inventory-settlement")
@DisallowReplay
class DeductionSettlement {

    private final CommandsPerBatch<ProductId> settle;

    DeductionSettlement(Commands commands) {
        this.settle = new CommandsPerBatch<>(commands.inTheNameOf(InventoryService.NAME), SettleDeductions::new);
    }

    @EventHandler
    void on(OrderCompleted event) {
        event.basket().lines().forEach(line -> settle.add(line.productId(), event.paymentId()));
    }
}
