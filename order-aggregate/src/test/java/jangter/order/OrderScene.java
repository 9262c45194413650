package jangter.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jangter.coupon.api.CouponEvent;
import jangter.coupon.api.CouponEvent.CouponIssued;
import jangter.coupon.api.Discount;
import jangter.inventory.api.InventoryEvent.PriceChanged;
import jangter.inventory.api.InventoryEvent.ProductRegistered;
import jangter.kernel.CampaignId;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.Money;
import jangter.kernel.Name;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import jangter.order.Orders.Unpaid;
import jangter.order.api.FailureReason;
import jangter.order.api.OrderCommand;
import jangter.order.api.OrderCommand.CompleteOrder;
import jangter.order.api.OrderCommand.FailPayment;
import jangter.order.api.OrderStatus;
import jangter.platform.MovableClock;
import jangter.platform.ServiceTest;
import jangter.platform.Tokens;
import jangter.platform.batch.TokenAfterBatch;
import jangter.platform.http.Page;
import jangter.platform.messaging.Commands;
import jangter.platform.mongo.Databases;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.awaitility.core.ConditionFactory;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.RequestHeadersSpec;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/**
 * The order service at work, for tests: what other services would tell it is told here, and each test has customers, a product and
 * coupons of its own. Looking for unpaid orders is left to the tests.
 */
@ServiceTest(OrderService.class)
@TestPropertySource(properties = {"jangter.order.expiry-sweep=PT1H", "jangter.order.heartbeat=PT0.1S"})
class OrderScene {

    static final Duration SOON = Duration.ofSeconds(10);

    /** Behind all that the service's own processors see. */
    private static final AtomicLong POSITIONS = new AtomicLong(1_000_000);
    private static final TokenStore TOKENS = new TokenAfterBatch(new InMemoryTokenStore(), SOON);

    static {
        TOKENS.initializeTokenSegments("a processor", 1);
    }
    private static final Instant FAR_FUTURE = Instant.parse("9999-01-01T00:00:00Z");
    private static final AtomicInteger TESTS = new AtomicInteger();

    private final int test = TESTS.incrementAndGet();

    final CustomerId alice = new CustomerId("alice-" + test);
    final CustomerId bob = new CustomerId("bob-" + test);
    final ProductId tea = new ProductId("product-tea");
    final ProductId cup = new ProductId("product-cup");
    final ProductId novelty = new ProductId("product-novelty-" + test);

    @Autowired
    WebTestClient http;
    @Autowired
    EventStore events;
    @Autowired
    Commands commands;
    @Autowired
    Databases databases;
    @Autowired
    MovableClock clock;
    @Autowired
    OrderCatalogue catalogue;
    @Autowired
    OrderCoupons coupons;
    @Autowired
    Orders orders;

    @AfterEach
    void setTheClockRight() {
        clock.reset();
    }

    /** Views follow events: looks until it is so. */
    static ConditionFactory soon() {
        return await().atMost(SOON).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20));
    }

    static Money won(long amount) {
        return Money.of(amount, "KRW");
    }

    /** Tea for 5,000 won and a cup for 12,000, as the inventory service tells of them. */
    void sell() {
        if (known(List.of(tea, cup)).isEmpty()) {
            sell(Map.of(tea, won(5_000), cup, won(12_000)));
        }
    }

    /** Products for so much, each called as its id. */
    void sell(Map<ProductId, Money> prices) {
        prices.forEach((product, price) -> tell(product, 0,
                new ProductRegistered(product, new Name(product.toString()), price, new Quantity(10))));
        soon().until(() -> known(prices.keySet()).size() == prices.size());
    }

    private Map<ProductId, OrderCatalogue.Entry> known(Collection<ProductId> products) {
        return catalogue.find(products).block();
    }

    void changePrice(ProductId product, Money price) {
        tell(product, 1, new PriceChanged(product, price));
        soon().until(() -> known(List.of(product)).get(product).price().equals(price));
    }

    /** A coupon of that customer, good for an hour, as the coupon service tells of it. */
    CouponId issue(String name, CustomerId owner, Discount discount) {
        CouponId coupon = new CouponId("coupon-" + name + "-" + test);
        tell(coupon, 0, new CouponIssued(coupon, new CampaignId("campaign-1"), owner, new Name("Spring"), discount,
                clock.instant().plus(Duration.ofHours(1))));
        soon().until(() -> coupons.findSoon(coupon).hasElement().block());
        return coupon;
    }

    void use(CouponId coupon, CustomerId owner) {
        tell(coupon, 1, new CouponEvent.CouponUsed(coupon, new PaymentId("payment-other"), new OrderId("order-other"), owner, won(1_000),
                Instant.parse("2026-05-04T09:00:00Z")));
        soon().until(() -> coupons.findSoon(coupon).block().used());
    }

    void tell(Object aggregate, long version, Object event) {
        events.publish(new GenericDomainEventMessage<>("Elsewhere", aggregate.toString(), version, event));
    }

    void send(OrderCommand command) {
        commands.send(command).block();
    }

    void complete(OrderId order, PaymentId payment) {
        send(new CompleteOrder(order, payment));
    }

    void fail(OrderId order, PaymentId payment, FailureReason reason) {
        send(new FailPayment(order, payment, reason, clock.instant().plus(Duration.ofMinutes(30))));
    }

    ResponseSpec get(CustomerId who, String path) {
        return as(who, http.get().uri(path)).exchange();
    }

    ResponseSpec delete(CustomerId who, String path) {
        return as(who, http.delete().uri(path)).exchange();
    }

    ResponseSpec post(CustomerId who, String path, String body) {
        return as(who, http.post().uri(path).contentType(MediaType.APPLICATION_JSON).bodyValue(body)).exchange();
    }

    ResponseSpec post(CustomerId who, String path, String body, String key) {
        return as(who, http.post().uri(path).contentType(MediaType.APPLICATION_JSON).header("Idempotency-Key", key).bodyValue(body)).exchange();
    }

    static <S extends RequestHeadersSpec<?>> RequestHeadersSpec<?> as(CustomerId who, S request) {
        return request.headers(Tokens.as(who));
    }

    static void refused(ResponseSpec answer, int status, String code) {
        answer.expectStatus().isEqualTo(status).expectHeader().contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody().jsonPath("$.code").isEqualTo(code);
    }

    /** The body of a request for so many of the products. */
    static String lines(Map<ProductId, Integer> quantities) {
        return "{\"lines\":[" + String.join(",", quantities.entrySet().stream().map(OrderScene::line).toList()) + "]}";
    }

    static String oneOf(ProductId product) {
        return lines(Map.of(product, 1));
    }

    static String oneOf(ProductId product, CouponId coupon) {
        return "{\"lines\":[" + line(Map.entry(product, 1)) + "],\"couponId\":\"" + coupon + "\"}";
    }

    private static String line(Map.Entry<ProductId, Integer> quantity) {
        return "{\"productId\":\"" + quantity.getKey() + "\",\"quantity\":" + quantity.getValue() + "}";
    }

    /** Places an order for one tea. */
    OrderId place(CustomerId who) {
        return post(who, "/orders", oneOf(tea)).expectStatus().isCreated().expectBody(OrderDetails.class).returnResult().getResponseBody()
                .orderId();
    }

    PaymentId pay(CustomerId who, OrderId order) {
        return post(who, "/orders/" + order + "/payment", "").expectStatus().isAccepted().expectBody(OrderStanding.class).returnResult()
                .getResponseBody().paymentId();
    }

    /** The order's page, once it shows that status. */
    OrderDetails shown(CustomerId who, OrderId order, OrderStatus status) {
        return soon().ignoreException(AssertionError.class).until(() -> get(who, "/orders/" + order).expectStatus().isOk()
                .expectBody(OrderDetails.class).returnResult().getResponseBody(), shown -> shown.status() == status);
    }

    OrderDetails shown(CustomerId who, OrderId order) {
        return shown(who, order, OrderStatus.PENDING);
    }

    /** The customer's list, once it has so many orders. */
    List<OrderSummary> listed(CustomerId who, int count) {
        return soon().until(() -> page(who, "").items(), items -> items.size() == count);
    }

    Page<OrderSummary> page(CustomerId who, String query) {
        return get(who, "/orders" + query).expectStatus().isOk().expectBody(new ParameterizedTypeReference<Page<OrderSummary>>() { })
                .returnResult().getResponseBody();
    }

    /** Everything that the service's views hold. */
    Map<String, List<Document>> views() {
        return Map.of("orders", all(Orders.ORDERS), "customers", all(Orders.CUSTOMERS));
    }

    /** The orders that expire unless they are paid, and when. */
    Map<OrderId, Instant> unpaid() {
        return orders.unpaidAt(FAR_FUTURE, Unpaid.FIRST, 10_000).collectMap(Unpaid::orderId, Unpaid::payBy).block();
    }

    private List<Document> all(String collection) {
        return databases.of(OrderService.NAME).view(OrderViews.GROUP, collection).find(new Document(), new Document("_id", 1), 10_000).collectList().block();
    }

    /** The request is refused, and no event tells of it. */
    void refusedWithoutTrace(Supplier<ResponseSpec> request, int status, String code) {
        Object before = events.createHeadToken();
        refused(request.get(), status, code);
        assertThat(events.createHeadToken()).isEqualTo(before);
    }

    /** Handles events as one batch, whose writes and token are written together. */
    static void batch(Runnable handling) {
        DefaultUnitOfWork<?> batch = DefaultUnitOfWork.startAndGet(new GenericMessage<>("a batch"));
        TOKENS.storeToken(new GlobalSequenceTrackingToken(POSITIONS.incrementAndGet()), "a processor", 0);
        handling.run();
        batch.commit();
    }
}
