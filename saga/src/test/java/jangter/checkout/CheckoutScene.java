package jangter.checkout;

import static org.awaitility.Awaitility.await;

import jangter.checkout.api.CheckoutEvent.RetryRequested;
import jangter.coupon.api.CouponEvent.CouponUsed;
import jangter.inventory.api.InventoryEvent;
import jangter.inventory.api.InventoryEvent.StockDeducted;
import jangter.inventory.api.InventoryEvent.StockDeductionRefused;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.Quantity;
import jangter.order.api.FailureReason;
import jangter.order.api.OrderEvent.OrderCompleted;
import jangter.order.api.OrderEvent.PaymentFailed;
import jangter.order.api.OrderEvent.PaymentRequested;
import jangter.payment.api.PaymentEvent.PaymentRefunded;
import jangter.payment.api.PaymentEvent.PaymentTaken;
import jangter.platform.ServiceTest;
import jangter.platform.Tokens;
import jangter.platform.batch.TokenAfterBatch;
import jangter.platform.http.Page;
import jangter.platform.mongo.Databases;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.gateway.EventGateway;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.bson.Document;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.RequestHeadersSpec;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** The checkout service at work, for tests: what the other services answer is told here. Each test has orders of its own. */
@ServiceTest(CheckoutService.class)
class CheckoutScene {

    static final Duration SOON = Duration.ofSeconds(10);

    static final Map<String, String> BECAUSE = Map.of("reason", "The customer called.");

    private static final AtomicInteger TESTS = new AtomicInteger();
    /** Behind all that the service's own processors see. */
    private static final AtomicLong POSITIONS = new AtomicLong(1_000_000);
    private static final TokenAfterBatch TOKENS = new TokenAfterBatch(new InMemoryTokenStore(), SOON);

    static {
        TOKENS.initializeTokenSegments("a processor", 1);
    }

    private final int test = TESTS.incrementAndGet();

    final OrderId order = order("a");

    @Autowired
    WebTestClient http;
    @Autowired
    EventGateway events;
    @Autowired
    EventStore store;
    @Autowired
    Databases databases;

    OrderId order(String name) {
        return new OrderId("order-" + name + "-" + test);
    }

    static PaymentId payment(OrderId order, int attempt) {
        return new PaymentId(order.value().replace("order", "payment") + "-" + attempt);
    }

    // --- what other services tell

    /** The customer wants to pay one tea with a coupon. */
    static PaymentRequested requested(OrderId order, int attempt) {
        PaymentRequested request = Sample.oneLineAndCoupon();
        return new PaymentRequested(order, payment(order, attempt), request.customerId(), request.basket(), request.total());
    }

    static PaymentTaken taken(OrderId order, int attempt) {
        PaymentTaken taken = Sample.taken();
        return new PaymentTaken(taken.walletId(), payment(order, attempt), order, taken.amount(), taken.balance(), taken.requestedAt());
    }

    static PaymentRefunded refunded(OrderId order, int attempt) {
        PaymentRefunded refunded = Sample.refunded();
        return new PaymentRefunded(refunded.walletId(), payment(order, attempt), order, refunded.amount(), refunded.balance(),
                refunded.requestedAt());
    }

    static StockDeducted deducted(OrderId order, int attempt) {
        return new StockDeducted(Sample.TEA, payment(order, attempt), order, Sample.TWO, new Quantity(8), Sample.REQUESTED_AT);
    }

    static StockDeductionRefused outOfStock(OrderId order, int attempt) {
        return new StockDeductionRefused(Sample.TEA, payment(order, attempt), order, Sample.TWO, InventoryEvent.RefusedBecause.OUT_OF_STOCK,
                Sample.REQUESTED_AT);
    }

    static CouponUsed couponUsed(OrderId order, int attempt) {
        return new CouponUsed(Sample.COUPON, payment(order, attempt), order, Sample.ALICE, Sample.DISCOUNT, Sample.REQUESTED_AT);
    }

    static OrderCompleted completed(OrderId order, int attempt) {
        return new OrderCompleted(order, payment(order, attempt), Sample.ALICE, Sample.oneLineAndCoupon().basket());
    }

    static PaymentFailed failed(OrderId order, int attempt, FailureReason reason) {
        return new PaymentFailed(order, payment(order, attempt), reason, Sample.NOW);
    }

    static List<Object> allIsWell(OrderId order, int attempt) {
        return List.of(requested(order, attempt), taken(order, attempt), deducted(order, attempt), couponUsed(order, attempt),
                completed(order, attempt));
    }

    static List<Object> soldOut(OrderId order, int attempt) {
        return List.of(requested(order, attempt), taken(order, attempt), outOfStock(order, attempt), refunded(order, attempt),
                failed(order, attempt, FailureReason.OUT_OF_STOCK));
    }

    void tell(Object event) {
        events.publish(event);
    }

    void tellAll(List<Object> all) {
        all.forEach(this::tell);
    }

    /** Every retry that was ever asked for, for that order. */
    List<RetryRequested> retries(OrderId order) {
        try (Stream<? extends EventMessage<?>> all = store.openStream(store.createTailToken()).asStream()) {
            return all.limit(store.createHeadToken().position().orElse(-1) + 1).map(EventMessage::getPayload)
                    .filter(RetryRequested.class::isInstance).map(RetryRequested.class::cast)
                    .filter(retry -> retry.orderId().equals(order)).toList();
        }
    }

    // --- HTTP

    static <S extends RequestHeadersSpec<?>> RequestHeadersSpec<?> asOlga(S request) {
        return request.headers(Tokens.asStaff(Sample.OPERATOR));
    }

    ResponseSpec get(String path) {
        return asOlga(http.get().uri(path)).exchange();
    }

    ResponseSpec retry(Object order) {
        return stepIn(order, "retry", BECAUSE);
    }

    ResponseSpec retry(Object order, String key) {
        return asOlga(http.post().uri("/checkouts/" + order + "/retry").header("Idempotency-Key", key).bodyValue(BECAUSE)).exchange();
    }

    ResponseSpec stepIn(Object order, String how, Object body) {
        return asOlga(http.post().uri("/checkouts/" + order + "/" + how).bodyValue(body)).exchange();
    }

    static void refused(ResponseSpec answer, int status, String code) {
        answer.expectStatus().isEqualTo(status).expectBody().jsonPath("$.code").isEqualTo(code);
    }

    /** The order's latest attempt, once it has come to that state. */
    CheckoutDetails.Attempt shown(OrderId order, Checkout.State state) {
        return latest(await().atMost(SOON).ignoreException(AssertionError.class)
                .until(() -> details(order), shown -> latest(shown).state() == state));
    }

    CheckoutDetails details(OrderId order) {
        return get("/checkouts/" + order).expectStatus().isOk().expectBody(CheckoutDetails.class).returnResult().getResponseBody();
    }

    private static CheckoutDetails.Attempt latest(CheckoutDetails shown) {
        return shown.attempts().get(shown.attempts().size() - 1);
    }

    Page<CheckoutSummary> page(String query) {
        return get("/checkouts" + query).expectStatus().isOk().expectBody(new ParameterizedTypeReference<Page<CheckoutSummary>>() { })
                .returnResult().getResponseBody();
    }

    // --- the database

    List<Document> all(String collection) {
        return databases.of(CheckoutService.NAME).view("saga-tests", collection).find(new Document(), new Document("_id", 1), 10_000).collectList().block();
    }

    Document stored(OrderId order) {
        return databases.of(CheckoutService.NAME).view(CheckoutViews.GROUP, CheckoutDocuments.CHECKOUTS).find(order).block();
    }

    /** Handles events as one batch, whose writes and token are written together. */
    static void batch(Runnable handling) {
        DefaultUnitOfWork<?> batch = DefaultUnitOfWork.startAndGet(new GenericMessage<>("a batch"));
        TOKENS.storeToken(new GlobalSequenceTrackingToken(POSITIONS.incrementAndGet()), "a processor", 0);
        handling.run();
        batch.commit();
    }
}
