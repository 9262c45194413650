package jangter.order;

import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.setOnInsert;

import jangter.inventory.api.InventoryEvent.PriceChanged;
import jangter.inventory.api.InventoryEvent.ProductRegistered;
import jangter.kernel.Money;
import jangter.kernel.Name;
import jangter.kernel.ProductId;
import jangter.platform.mongo.Databases;
import jangter.platform.mongo.Documents;
import jangter.platform.mongo.View;
import java.util.Collection;
import java.util.Map;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.bson.Document;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The order service's own copy of what products are called and cost, so that placing an order asks no other service. */
@Component
@ProcessingGroup(OrderCatalogue.GROUP)
class OrderCatalogue {

    static final String GROUP = "order-catalogue";

    private final View products;

    OrderCatalogue(Databases databases) {
        this.products = databases.of(OrderService.NAME).view(GROUP, "catalogue");
    }

    /** What the catalogue says of one product. */
    record Entry(Name name, Money price) {
    }

    @EventHandler
    void on(ProductRegistered event, @SequenceNumber long version) {
        products.set(event.productId(), setOnInsert("name", event.name()), setOnInsert("price", event.price()),
                setOnInsert("version", version));
    }

    @EventHandler
    void on(PriceChanged event, @SequenceNumber long version) {
        products.setIf(event.productId(), lt("version", version), set("price", event.price()), set("version", version));
    }

    /** Those of these products that the catalogue holds. */
    Mono<Map<ProductId, Entry>> find(Collection<ProductId> ids) {
        return entries(products.findAll(ids));
    }

    /** The same, but looks again for those that it does not hold: a product that was registered just now may be on its way. */
    Mono<Map<ProductId, Entry>> findSoon(Collection<ProductId> ids) {
        return find(ids).flatMap(found -> found.keySet().containsAll(ids) ? Mono.just(found)
                : entries(Flux.fromIterable(ids).flatMap(products::findSoon)));
    }

    private static Mono<Map<ProductId, Entry>> entries(Flux<Document> documents) {
        return documents.collectMap(document -> new ProductId(document.getString("_id")),
                document -> new Entry(new Name(document.getString("name")), Documents.money(document, "price")));
    }
}
