package jangter.inventory.api;

import jangter.kernel.DeliveryId;
import jangter.kernel.Money;
import jangter.kernel.Name;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import jangter.kernel.Require;
import java.time.Instant;
import java.util.Set;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** What one can ask of a product. Refusals are {@link InventoryRefusal}s. */
public sealed interface InventoryCommand {

    @TargetAggregateIdentifier
    ProductId productId();

    /** Put it on sale, with so many pieces in stock. */
    record RegisterProduct(ProductId productId, Name name, Money price, Quantity stock) implements InventoryCommand {
        public RegisterProduct {
            Require.present("product", productId);
            Require.present("name", name);
            Require.that(Require.present("price", price).isPositive(), "price", "must be positive");
            Require.present("stock", stock);
        }
    }

    /** Orders placed from now on pay this. */
    record ChangePrice(ProductId productId, Money price) implements InventoryCommand {
        public ChangePrice {
            Require.present("product", productId);
            Require.that(Require.present("price", price).isPositive(), "price", "must be positive");
        }
    }

    /** More pieces have come. */
    record AddStock(ProductId productId, DeliveryId deliveryId, Quantity quantity) implements InventoryCommand {
        public AddStock {
            Require.present("product", productId);
            Require.present("delivery", deliveryId);
            Require.between("quantity", Require.present("quantity", quantity).value(), 1, Quantity.MOST);
        }
    }

    /** Take an order's pieces out. Answered by {@code StockDeducted} or {@code StockDeductionRefused}. */
    record DeductStock(ProductId productId, PaymentId paymentId, OrderId orderId, Quantity quantity, Instant requestedAt)
            implements InventoryCommand {
        public DeductStock {
            Require.present("product", productId);
            Require.present("payment", paymentId);
            Require.present("order", orderId);
            Require.between("quantity", Require.present("quantity", quantity).value(), 1, Quantity.MOST);
            Require.present("requested at", requestedAt);
        }
    }

    /**
     * Undo the deduction, whether it happened, may have happened or is still on its way. Answered by {@code StockRestored} or
     * {@code StockDeductionVoided}.
     */
    record RestoreStock(ProductId productId, PaymentId paymentId, OrderId orderId, Instant requestedAt) implements InventoryCommand {
        public RestoreStock {
            Require.present("product", productId);
            Require.present("payment", paymentId);
            Require.present("order", orderId);
            Require.present("requested at", requestedAt);
        }
    }

    /** These payments' orders are complete: nothing of them will be restored, so they need not be remembered. */
    record SettleDeductions(ProductId productId, Set<PaymentId> payments) implements InventoryCommand {
        public SettleDeductions {
            Require.present("product", productId);
            payments = Set.copyOf(Require.present("payments", payments));
        }
    }
}
