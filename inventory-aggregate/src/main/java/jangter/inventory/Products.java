package jangter.inventory;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.empty;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.or;

import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Sorts;
import jangter.inventory.api.InventoryRefusal;
import jangter.kernel.InvalidValueException;
import jangter.kernel.Name;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import jangter.platform.http.Page;
import jangter.platform.http.PageRequest;
import jangter.platform.mongo.Databases;
import jangter.platform.mongo.Documents;
import jangter.platform.mongo.View;
import java.util.Collection;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads the products that {@link ProductViews} writes. */
@Component
class Products {

    static final String PRODUCTS = "products";

    private final View products;

    Products(Databases databases) {
        this.products = databases.of(InventoryService.NAME).view(ProductViews.GROUP, PRODUCTS);
        products.index(Indexes.ascending("name", "_id"));
    }

    /** That product; one that is not on sale is refused as unknown. */
    Mono<ProductDetails> find(ProductId product) {
        return products.findSoon(product).map(Products::details)
                .switchIfEmpty(Mono.error(() -> InventoryRefusal.UNKNOWN_PRODUCT.because("No such product is on sale.")));
    }

    /** Those of these products that are on sale. */
    Flux<ProductDetails> findAll(Collection<ProductId> ids) {
        return products.findAll(ids).map(Products::details);
    }

    /** The products by name; the cursor is the last product of the page before. */
    Mono<Page<ProductDetails>> page(PageRequest request) {
        return Mono.justOrEmpty(request.cursor()).flatMap(this::after).defaultIfEmpty(empty())
                .flatMapMany(rest -> products.find(rest, Sorts.ascending("name", "_id"), request.size() + 1))
                .map(Products::details)
                .collectList()
                .map(found -> page(found, request.size()));
    }

    /** What comes after that product. It never changes its name, so its place in the list is known as long as it is. */
    private Mono<Bson> after(String cursor) {
        return products.find(cursor)
                .map(last -> or(gt("name", last.getString("name")), and(eq("name", last.getString("name")), gt("_id", cursor))))
                .switchIfEmpty(Mono.error(() -> new InvalidValueException("cursor", "must be one that the page before told")));
    }

    private static Page<ProductDetails> page(List<ProductDetails> found, int size) {
        List<ProductDetails> shown = found.subList(0, Math.min(size, found.size()));
        return new Page<>(shown, found.size() > size ? shown.get(size - 1).productId().value() : null);
    }

    private static ProductDetails details(Document product) {
        return new ProductDetails(new ProductId(product.getString("_id")), new Name(product.getString("name")),
                Documents.money(product, "price"), new Quantity(product.getInteger("stock")));
    }
}
