package jangter.inventory;

import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.not;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.setOnInsert;

import jangter.inventory.api.InventoryEvent.PriceChanged;
import jangter.inventory.api.InventoryEvent.ProductRegistered;
import jangter.inventory.api.InventoryEvent.StockAdded;
import jangter.inventory.api.InventoryEvent.StockDeducted;
import jangter.inventory.api.InventoryEvent.StockRestored;
import jangter.kernel.ProductId;
import jangter.platform.mongo.Databases;
import jangter.platform.mongo.View;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.springframework.stereotype.Component;

/**
 * Writes what {@link Products} and {@link PopularProducts} read.
 *
 * <p>Two collections. {@code products}: each product as its page shows it. {@code sales}: for each hour how many pieces of which product
 * were sold, by when the customer asked to pay. What is restored comes off the hour in which it was sold, since the stock tells that
 * moment with both.
 *
 * <p>An event that comes again changes nothing: a product, and its count in each hour, know the number of the product's last event that
 * they have seen. A product's events come in their order, so it does not matter who else writes to the same hour.
 */
@Component
@ProcessingGroup(ProductViews.GROUP)
class ProductViews {

    static final String GROUP = "inventory-views";

    private final View products;
    private final View sales;

    ProductViews(Databases databases) {
        this.products = databases.of(InventoryService.NAME).view(GROUP, Products.PRODUCTS);
        this.sales = databases.of(InventoryService.NAME).view(GROUP, PopularProducts.SALES);
    }

    @EventHandler
    void on(ProductRegistered event, @SequenceNumber long version) {
        show(event.productId(), version, Map.of("name", event.name(), "price", event.price(), "stock", event.stock()));
    }

    @EventHandler
    void on(PriceChanged event, @SequenceNumber long version) {
        show(event.productId(), version, Map.of("price", event.price()));
    }

    @EventHandler
    void on(StockAdded event, @SequenceNumber long version) {
        show(event.productId(), version, Map.of("stock", event.stock()));
    }

    @EventHandler
    void on(StockDeducted event, @SequenceNumber long version) {
        show(event.productId(), version, Map.of("stock", event.stock()));
        count(event.productId(), version, event.requestedAt(), event.quantity().value());
    }

    @EventHandler
    void on(StockRestored event, @SequenceNumber long version) {
        show(event.productId(), version, Map.of("stock", event.stock()));
        count(event.productId(), version, event.requestedAt(), -event.quantity().value());
    }

    private void show(ProductId product, long version, Map<String, ?> fields) {
        products.advance(product, "version", version, fields);
    }

    private void count(ProductId product, long version, Instant soldAt, long pieces) {
        String hour = PopularProducts.hour(soldAt);
        String sold = "sold." + product;
        makeOncePerBatch(hour);
        sales.setIf(hour, not(gte(sold + ".version", version)), combine(inc(sold + ".quantity", pieces), set(sold + ".version", version)));
    }

    private void makeOncePerBatch(String hour) {
        Set<String> made = CurrentUnitOfWork.get().root().getOrComputeResource(ProductViews.class.getName(), key -> new HashSet<>());
        if (!made.contains(hour)) {
            sales.set(hour, setOnInsert("hour", hour));
            // not before: it may be an event that cannot be written
            made.add(hour);
        }
    }
}
