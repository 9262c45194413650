package jangter.inventory;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jangter.inventory.api.InventoryCommand.AddStock;
import jangter.inventory.api.InventoryCommand.ChangePrice;
import jangter.inventory.api.InventoryCommand.RegisterProduct;
import jangter.inventory.api.InventoryRefusal;
import jangter.kernel.DeliveryId;
import jangter.kernel.Money;
import jangter.kernel.Name;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import jangter.kernel.Require;
import jangter.platform.Shop;
import jangter.platform.http.Attempt;
import jangter.platform.http.Once;
import jangter.platform.http.Page;
import jangter.platform.http.PageRequest;
import jangter.platform.http.Staff;
import jangter.platform.messaging.Commands;
import jangter.platform.mongo.Databases;
import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Products: anyone looks at them, staff put them on sale, price them and take deliveries. */
@RestController
@RequestMapping("/products")
@Tag(name = "Products")
class ProductController {

    private final Products products;
    private final PopularProducts popular;
    private final Commands commands;
    private final Once once;
    private final Shop shop;

    ProductController(Products products, PopularProducts popular, Commands commands, Databases databases, Shop shop) {
        this.products = products;
        this.popular = popular;
        this.commands = commands;
        this.once = databases.of(InventoryService.NAME).once();
        this.shop = shop;
    }

    /** What is to go on sale. */
    record ProductRequest(Name name, Money price, Quantity stock) {
        ProductRequest {
            Require.present("name", name);
            Require.that(Require.present("price", price).isPositive(), "price", "must be positive");
            Require.present("stock", stock);
        }
    }

    /** What a product is to cost from now on. */
    record PriceRequest(Money price) {
        PriceRequest {
            Require.that(Require.present("price", price).isPositive(), "price", "must be positive");
        }
    }

    /** How many pieces have come. */
    record DeliveryRequest(Quantity quantity) {
        DeliveryRequest {
            Require.between("quantity", Require.present("quantity", quantity).value(), 1, Quantity.MOST);
        }
    }

    /** The pieces that have come. */
    record Delivery(DeliveryId deliveryId, Quantity quantity) {
    }

    @GetMapping
    @Operation(summary = "All products, by name")
    Mono<Page<ProductDetails>> page(PageRequest request) {
        return products.page(request);
    }

    @GetMapping("/popular")
    @Operation(summary = "The five products that sold best over the last three days, best first")
    Mono<Page<PopularProduct>> popular() {
        return popular.best().map(best -> new Page<>(best, null));
    }

    @GetMapping("/{id}")
    @Operation(summary = "One product")
    Mono<ProductDetails> show(@PathVariable ProductId id) {
        return products.find(id);
    }

    @PostMapping
    @Operation(summary = "Put a product on sale (staff)",
            responses = @ApiResponse(responseCode = "201", description = "On sale", useReturnTypeSchema = true))
    Mono<ResponseEntity<ProductDetails>> register(Staff staff, Attempt attempt, @RequestBody ProductRequest request) {
        ProductId id = ProductId.of(attempt.uuid("product"));
        return once.answer(attempt, request, ProductDetails.class, () -> traded(request.price())
                .then(commands.send(new RegisterProduct(id, request.name(), request.price(), request.stock())))
                .thenReturn(ResponseEntity.created(URI.create("/products/" + id))
                        .body(new ProductDetails(id, request.name(), request.price(), request.stock()))));
    }

    @PutMapping("/{id}/price")
    @Operation(summary = "Price a product: orders placed from now on pay this (staff)",
            responses = @ApiResponse(responseCode = "204", description = "Priced"))
    Mono<ResponseEntity<Void>> price(Staff staff, @PathVariable ProductId id, @RequestBody PriceRequest request) {
        return traded(request.price()).then(commands.send(new ChangePrice(id, request.price())))
                .thenReturn(ResponseEntity.noContent().build());
    }

    @PostMapping("/{id}/stock")
    @Operation(summary = "Take a delivery of more pieces (staff)",
            responses = @ApiResponse(responseCode = "201", description = "Taken", useReturnTypeSchema = true))
    Mono<ResponseEntity<Delivery>> deliver(Staff staff, Attempt attempt, @PathVariable ProductId id, @RequestBody DeliveryRequest request) {
        DeliveryId delivery = DeliveryId.of(attempt.uuid("delivery"));
        return once.answer(attempt, request, Delivery.class, () -> commands.send(new AddStock(id, delivery, request.quantity()))
                .thenReturn(ResponseEntity.status(HttpStatus.CREATED).body(new Delivery(delivery, request.quantity()))));
    }

    private Mono<Void> traded(Money price) {
        return shop.tradesIn(price) ? Mono.empty()
                : Mono.error(() -> InventoryRefusal.OTHER_CURRENCY.because("Products are priced in " + shop.currency() + "."));
    }
}
