package jangter.payment;

import static jangter.platform.Tokens.as;
import static org.awaitility.Awaitility.await;

import jangter.kernel.ChargeId;
import jangter.kernel.CustomerId;
import jangter.kernel.Money;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.WalletId;
import jangter.payment.WalletController.WalletDetails;
import jangter.payment.api.PaymentCommand;
import jangter.payment.api.PaymentCommand.ChargeWallet;
import jangter.payment.api.PaymentCommand.RefundPayment;
import jangter.payment.api.PaymentCommand.TakePayment;
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
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.RequestBodySpec;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** The payment service at work, for tests. Each test has customers and payments of its own. */
@ServiceTest(PaymentService.class)
class WalletScene {

    static final Duration SOON = Duration.ofSeconds(10);
    static final OrderId ORDER = new OrderId("order-1");
    static final Instant REQUESTED = Instant.parse("2026-11-22T09:00:00Z");

    private static final ParameterizedTypeReference<Page<WalletEntry>> HISTORY = new ParameterizedTypeReference<>() {
    };
    private static final AtomicInteger TESTS = new AtomicInteger();

    private final int test = TESTS.incrementAndGet();

    final CustomerId alice = new CustomerId("alice-" + test);
    final CustomerId bob = new CustomerId("bob-" + test);
    final WalletId wallet = WalletId.of(alice);

    @Autowired
    WebTestClient http;
    @Autowired
    EventStore events;
    @Autowired
    Commands commands;

    static Money won(long amount) {
        return Money.of(amount, "KRW");
    }

    PaymentId payment(String name) {
        return new PaymentId("payment-" + name + "-" + test);
    }

    void send(PaymentCommand command) {
        commands.send(command).block();
    }

    void charge(String name, Money amount) {
        send(new ChargeWallet(wallet, new ChargeId("charge-" + name), amount));
    }

    void take(PaymentId payment, Money amount) {
        send(new TakePayment(wallet, payment, ORDER, amount, REQUESTED));
    }

    void refund(PaymentId payment) {
        send(new RefundPayment(wallet, payment, ORDER, REQUESTED));
    }

    /** What another service tells. */
    void tell(Object aggregate, long version, Object event) {
        events.publish(new GenericDomainEventMessage<>("Elsewhere", aggregate.toString(), version, event));
    }

    /** What became of the wallet, event by event. */
    List<? extends DomainEventMessage<?>> past() {
        return events.readEvents(wallet.toString()).asStream().toList();
    }

    List<?> told() {
        return past().stream().map(DomainEventMessage::getPayload).toList();
    }

    WalletDetails shown(CustomerId who) {
        return get(who, "/wallets/me").expectStatus().isOk().expectBody(WalletDetails.class).returnResult().getResponseBody();
    }

    Page<WalletEntry> history(CustomerId who, String query) {
        return get(who, "/wallets/me/history" + query).expectStatus().isOk().expectBody(HISTORY).returnResult().getResponseBody();
    }

    void awaitBalance(Money balance) {
        await().atMost(SOON).until(() -> shown(alice).balance().equals(balance));
    }

    void awaitEntries(int count) {
        await().atMost(SOON).until(() -> history(alice, "?size=100").items().size() == count);
    }

    ResponseSpec get(CustomerId who, String path) {
        return http.get().uri(path).headers(as(who)).exchange();
    }

    ResponseSpec post(CustomerId who, String path, String body) {
        return request(who, path).bodyValue(body).exchange();
    }

    ResponseSpec post(CustomerId who, String path, String body, String key) {
        return request(who, path).header("Idempotency-Key", key).bodyValue(body).exchange();
    }

    private RequestBodySpec request(CustomerId who, String path) {
        return http.post().uri(path).headers(as(who)).contentType(MediaType.APPLICATION_JSON);
    }

    static void refused(ResponseSpec answer, int status, String code) {
        answer.expectStatus().isEqualTo(status).expectHeader().contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody().jsonPath("$.code").isEqualTo(code);
    }
}
