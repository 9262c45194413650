package jangter.inventory.api;

import jangter.kernel.DeliveryId;
import jangter.kernel.Money;
import jangter.kernel.Name;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import java.time.Instant;
import java.util.Set;
import org.axonframework.serialization.Revision;

/** What happens to a product. {@code stock} is always the stock after the event, {@code requestedAt} when the customer asked to pay. */
public sealed interface InventoryEvent {

    ProductId productId();

    /** It is on sale. */
    @Revision("1")
    record ProductRegistered(ProductId productId, Name name, Money price, Quantity stock) implements InventoryEvent {
    }

    /** Orders placed from now on pay this. */
    @Revision("1")
    record PriceChanged(ProductId productId, Money price) implements InventoryEvent {
    }

    /** More pieces have come. */
    @Revision("1")
    record StockAdded(ProductId productId, DeliveryId deliveryId, Quantity quantity, Quantity stock) implements InventoryEvent {
    }

    /** An order's pieces were taken out. */
    @Revision("1")
    record StockDeducted(ProductId productId, PaymentId paymentId, OrderId orderId, Quantity quantity, Quantity stock, Instant requestedAt)
            implements InventoryEvent {
    }

    /** An order's pieces were not taken out, and will not be under this payment. */
    @Revision("1")
    record StockDeductionRefused(ProductId productId, PaymentId paymentId, OrderId orderId, Quantity quantity, RefusedBecause reason,
            Instant requestedAt) implements InventoryEvent {
    }

    /** Pieces that were taken out were put back. */
    @Revision("1")
    record StockRestored(ProductId productId, PaymentId paymentId, OrderId orderId, Quantity quantity, Quantity stock, Instant requestedAt)
            implements InventoryEvent {
    }

    /** Pieces that had not been taken out never will be. */
    @Revision("1")
    record StockDeductionVoided(ProductId productId, PaymentId paymentId, OrderId orderId, Instant requestedAt) implements InventoryEvent {
    }

    /** These deductions are final. */
    @Revision("1")
    record DeductionsSettled(ProductId productId, Set<PaymentId> payments) implements InventoryEvent {
    }

    /** Why a deduction was refused. */
    enum RefusedBecause {
        /** Fewer pieces are left than were asked for. */
        OUT_OF_STOCK,
        /** No such product is on sale. */
        UNKNOWN_PRODUCT,
        /** It was undone before it arrived. */
        VOIDED,
        /** It was requested so long ago that its like is no longer remembered; nothing was done for it since. */
        TOO_LATE
    }
}
