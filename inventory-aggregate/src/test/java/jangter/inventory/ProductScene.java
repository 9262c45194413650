package jangter.inventory;

import static jangter.platform.Tokens.as;
import static jangter.platform.Tokens.asStaff;
import static org.awaitility.Awaitility.await;

import jangter.inventory.api.InventoryCommand;
import jangter.inventory.api.InventoryCommand.AddStock;
import jangter.inventory.api.InventoryCommand.ChangePrice;
import jangter.inventory.api.InventoryCommand.DeductStock;
import jangter.inventory.api.InventoryCommand.RegisterProduct;
import jangter.inventory.api.InventoryCommand.RestoreStock;
import jangter.kernel.DeliveryId;
import jangter.kernel.Money;
import jangter.kernel.Name;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import jangter.platform.MovableClock;
import jangter.platform.ServiceTest;
import jangter.platform.http.Page;
import jangter.platform.messaging.Commands;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.junit.jupiter.api.AfterEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.RequestBodySpec;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** The inventory service at work, for tests. Each test has products and payments of its own. */
@ServiceTest(InventoryService.class)
class ProductScene {

    static final Duration SOON = Duration.ofSeconds(10);
    static final OrderId ORDER = new OrderId("order-1");
    static final Instant REQUESTED = Instant.parse("2026-11-22T09:00:00Z");

    private static final ParameterizedTypeReference<Page<ProductDetails>> LIST = new ParameterizedTypeReference<>() {
    };
    private static final AtomicInteger TESTS = new AtomicInteger();

    final int test = TESTS.incrementAndGet();
    final ProductId tea = product("tea");

    @Autowired
    WebTestClient http;
    @Autowired
    EventStore events;
    @Autowired
    Commands commands;
    @Autowired
    MovableClock clock;

    @AfterEach
    void setTheClockRight() {
        clock.reset();
    }

    static Money won(long amount) {
        return Money.of(amount, "KRW");
    }

    ProductId product(String name) {
        return new ProductId("product-" + name + "-" + test);
    }

    PaymentId payment(String name) {
        return new PaymentId("payment-" + name + "-" + test);
    }

    void send(InventoryCommand command) {
        commands.send(command).block();
    }

    /** Puts it on sale for 5,000 won, and waits until the shop shows it. */
    void register(ProductId product, String name, int stock) {
        send(new RegisterProduct(product, new Name(name), won(5_000), new Quantity(stock)));
        await().atMost(SOON).untilAsserted(() -> get("/products/" + product).expectStatus().isOk());
    }

    void changePrice(ProductId product, Money price) {
        send(new ChangePrice(product, price));
    }

    void deliver(ProductId product, String delivery, int quantity) {
        send(new AddStock(product, new DeliveryId("delivery-" + delivery), new Quantity(quantity)));
    }

    void deduct(ProductId product, PaymentId payment, int quantity, Instant requestedAt) {
        send(new DeductStock(product, payment, ORDER, new Quantity(quantity), requestedAt));
    }

    void restore(ProductId product, PaymentId payment, Instant requestedAt) {
        send(new RestoreStock(product, payment, ORDER, requestedAt));
    }

    /** What another service tells. */
    void tell(Object aggregate, long version, Object event) {
        events.publish(new GenericDomainEventMessage<>("Elsewhere", aggregate.toString(), version, event));
    }

    /** What became of a product, event by event. */
    List<? extends DomainEventMessage<?>> past(ProductId product) {
        return events.readEvents(product.toString()).asStream().toList();
    }

    List<?> told(ProductId product) {
        return past(product).stream().map(DomainEventMessage::getPayload).toList();
    }

    void awaitStock(ProductId product, int stock) {
        await().atMost(SOON).until(() -> shown(product).stock().equals(new Quantity(stock)));
    }

    ProductDetails shown(ProductId product) {
        return get("/products/" + product).expectStatus().isOk().expectBody(ProductDetails.class).returnResult().getResponseBody();
    }

    Page<ProductDetails> list(String query) {
        return get("/products" + query).expectStatus().isOk().expectBody(LIST).returnResult().getResponseBody();
    }

    ResponseSpec get(String path) {
        return http.get().uri(path).exchange();
    }

    ResponseSpec post(String path, String body) {
        return staff(HttpMethod.POST, path).bodyValue(body).exchange();
    }

    ResponseSpec post(String path, String body, String key) {
        return staff(HttpMethod.POST, path).header("Idempotency-Key", key).bodyValue(body).exchange();
    }

    ResponseSpec put(String path, String body) {
        return staff(HttpMethod.PUT, path).bodyValue(body).exchange();
    }

    /** With the name of a member of staff who belongs to this test alone, and so with keys of its own. */
    RequestBodySpec staff(HttpMethod method, String path) {
        return nobody(method, path).headers(asStaff("carol-" + test));
    }

    RequestBodySpec customer(HttpMethod method, String path) {
        return nobody(method, path).headers(as("carol-" + test));
    }

    RequestBodySpec nobody(HttpMethod method, String path) {
        return http.method(method).uri(path).contentType(MediaType.APPLICATION_JSON);
    }

    static void refused(ResponseSpec answer, int status, String code) {
        answer.expectStatus().isEqualTo(status).expectHeader().contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody().jsonPath("$.code").isEqualTo(code);
    }
}
