package jangter.inventory;

import static jangter.inventory.api.InventoryEvent.RefusedBecause.OUT_OF_STOCK;
import static jangter.inventory.api.InventoryEvent.RefusedBecause.TOO_LATE;
import static jangter.inventory.api.InventoryEvent.RefusedBecause.VOIDED;
import static org.axonframework.modelling.command.AggregateCreationPolicy.CREATE_IF_MISSING;
import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import jangter.inventory.api.InventoryCommand.AddStock;
import jangter.inventory.api.InventoryCommand.ChangePrice;
import jangter.inventory.api.InventoryCommand.DeductStock;
import jangter.inventory.api.InventoryCommand.RegisterProduct;
import jangter.inventory.api.InventoryCommand.RestoreStock;
import jangter.inventory.api.InventoryCommand.SettleDeductions;
import jangter.inventory.api.InventoryEvent.DeductionsSettled;
import jangter.inventory.api.InventoryEvent.PriceChanged;
import jangter.inventory.api.InventoryEvent.ProductRegistered;
import jangter.inventory.api.InventoryEvent.RefusedBecause;
import jangter.inventory.api.InventoryEvent.StockAdded;
import jangter.inventory.api.InventoryEvent.StockDeducted;
import jangter.inventory.api.InventoryEvent.StockDeductionRefused;
import jangter.inventory.api.InventoryEvent.StockDeductionVoided;
import jangter.inventory.api.InventoryEvent.StockRestored;
import jangter.inventory.api.InventoryRefusal;
import jangter.kernel.DeliveryId;
import jangter.kernel.Money;
import jangter.kernel.Name;
import jangter.kernel.PaymentId;
import jangter.kernel.PaymentMemory;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import jangter.kernel.RecentKeys;
import java.util.Optional;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.serialization.Revision;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * A product on sale and its stock. There are never fewer than no pieces, and never so many that an open deduction could not be restored
 * any more. Steps of a payment are answered for products that are not on sale as well, so they leave a trace before it is registered.
 */
@Aggregate(snapshotTriggerDefinition = "snapshots", cache = "aggregateCache")
@Revision("1")
class Product {

    private static final Quantity NONE = new Quantity(0);

    @AggregateIdentifier
    private ProductId id;
    /** What it was registered with; nothing while it is not on sale. */
    private @Nullable Facts registered;
    private @Nullable Money price;
    private Quantity stock = NONE;
    /** What the stock would be, were all open deductions restored. */
    private Quantity ceiling = NONE;
    private final RecentKeys<DeliveryId> deliveries = new RecentKeys<>();
    private final PaymentMemory<Quantity> payments = new PaymentMemory<>();

    private record Facts(Name name, Money price, Quantity stock) {
    }

    Product() {
    }

    @CommandHandler
    @CreationPolicy(CREATE_IF_MISSING)
    void handle(RegisterProduct command) {
        if (registered == null) {
            apply(new ProductRegistered(command.productId(), command.name(), command.price(), command.stock()));
        } else if (!registered.equals(new Facts(command.name(), command.price(), command.stock()))) {
            throw InventoryRefusal.PRODUCT_EXISTS.because("The product's id is taken by another product.");
        }
    }

    /** Creates nothing: of a product that is not there, the guard throws before anything is stored. */
    @CommandHandler
    @CreationPolicy(CREATE_IF_MISSING)
    void handle(ChangePrice command) {
        Money current = priceOnSale();
        if (!current.currency().equals(command.price().currency())) {
            throw InventoryRefusal.OTHER_CURRENCY.because("The product is priced in another currency.");
        }
        if (!current.equals(command.price())) {
            apply(new PriceChanged(command.productId(), command.price()));
        }
    }

    /** Creates nothing, as {@link #handle(ChangePrice)}. */
    @CommandHandler
    @CreationPolicy(CREATE_IF_MISSING)
    void handle(AddStock command) {
        priceOnSale();
        if (deliveries.contains(command.deliveryId())) {
            return;
        }
        if (!ceiling.hasRoomFor(command.quantity())) {
            throw InventoryRefusal.STOCK_FULL.because("There would be more pieces than a stock may hold.");
        }
        apply(new StockAdded(command.productId(), command.deliveryId(), command.quantity(), stock.plus(command.quantity())));
    }

    @CommandHandler
    @CreationPolicy(CREATE_IF_MISSING)
    void handle(DeductStock command) {
        if (payments.isAnswered(command.paymentId())) {
            return;
        }
        Optional<RefusedBecause> reason = reasonToRefuse(command);
        if (reason.isPresent()) {
            apply(new StockDeductionRefused(command.productId(), command.paymentId(), command.orderId(), command.quantity(), reason.get(),
                    command.requestedAt()));
            return;
        }
        apply(new StockDeducted(command.productId(), command.paymentId(), command.orderId(), command.quantity(),
                stock.minus(command.quantity()), command.requestedAt()));
    }

    private Optional<RefusedBecause> reasonToRefuse(DeductStock command) {
        if (payments.isVoid(command.paymentId())) {
            return Optional.of(VOIDED);
        }
        if (payments.isTooLate(command.requestedAt())) {
            return Optional.of(TOO_LATE);
        }
        if (registered == null) {
            return Optional.of(RefusedBecause.UNKNOWN_PRODUCT);
        }
        return stock.compareTo(command.quantity()) >= 0 ? Optional.empty() : Optional.of(OUT_OF_STOCK);
    }

    @CommandHandler
    @CreationPolicy(CREATE_IF_MISSING)
    void handle(RestoreStock command) {
        if (payments.isOver(command.paymentId())) {
            return;
        }
        payments.done(command.paymentId()).ifPresentOrElse(
                taken -> apply(new StockRestored(command.productId(), command.paymentId(), command.orderId(), taken, stock.plus(taken),
                        command.requestedAt())),
                () -> apply(new StockDeductionVoided(command.productId(), command.paymentId(), command.orderId(), command.requestedAt())));
    }

    /** Has no product to create: what is settled was taken from it. */
    @CommandHandler
    void handle(SettleDeductions command) {
        if (command.payments().stream().anyMatch(payment -> payments.done(payment).isPresent())) {
            apply(new DeductionsSettled(command.productId(), command.payments()));
        }
    }

    private Money priceOnSale() {
        if (price == null) {
            throw InventoryRefusal.UNKNOWN_PRODUCT.because("No such product is on sale.");
        }
        return price;
    }

    @EventSourcingHandler
    void on(ProductRegistered event) {
        id = event.productId();
        registered = new Facts(event.name(), event.price(), event.stock());
        price = event.price();
        stock = event.stock();
        ceiling = event.stock();
    }

    @EventSourcingHandler
    void on(PriceChanged event) {
        price = event.price();
    }

    @EventSourcingHandler
    void on(StockAdded event) {
        stock = event.stock();
        ceiling = ceiling.plus(event.quantity());
        deliveries.add(event.deliveryId());
    }

    @EventSourcingHandler
    void on(StockDeducted event) {
        stock = event.stock();
        payments.remember(event.paymentId(), event.quantity(), event.requestedAt());
    }

    @EventSourcingHandler
    void on(StockDeductionRefused event) {
        id = event.productId();
        payments.close(event.paymentId(), event.requestedAt());
    }

    @EventSourcingHandler
    void on(StockRestored event) {
        stock = event.stock();
        payments.close(event.paymentId(), event.requestedAt());
    }

    @EventSourcingHandler
    void on(StockDeductionVoided event) {
        id = event.productId();
        payments.markVoid(event.paymentId(), event.requestedAt());
    }

    @EventSourcingHandler
    void on(DeductionsSettled event) {
        for (PaymentId payment : event.payments()) {
            payments.done(payment).ifPresent(taken -> ceiling = ceiling.minus(taken));
        }
        payments.settle(event.payments());
    }
}
