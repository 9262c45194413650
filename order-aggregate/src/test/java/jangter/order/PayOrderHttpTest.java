package jangter.order;

import static org.assertj.core.api.Assertions.assertThat;

import jangter.kernel.CustomerId;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.order.api.CancelReason;
import jangter.order.api.FailureReason;
import jangter.order.api.OrderCommand.CancelOrder;
import jangter.order.api.OrderStatus;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

class PayOrderHttpTest extends OrderScene {

    private OrderId order;

    @BeforeEach
    void place() {
        sell();
        order = place(alice);
    }

    @Test
    void a_request_to_pay_is_accepted() {
        var answer = post(alice, path(), "").expectStatus().isAccepted().expectHeader().valueEquals("Location", "/orders/" + order)
                .expectHeader().doesNotExist("Preference-Applied").expectBody(OrderStanding.class).returnResult();
        OrderStanding standing = answer.getResponseBody();

        assertThat(standing.orderId()).isEqualTo(order);
        assertThat(standing.status()).isEqualTo(OrderStatus.PAYING);
        assertThat(shown(alice, order, OrderStatus.PAYING).paymentId()).isEqualTo(standing.paymentId());
    }

    @Test
    void the_same_key_pays_once_and_gives_the_same_answer() {
        PaymentId first = payUnder("key");
        Object before = events.createHeadToken();

        assertThat(payUnder("key")).isEqualTo(first);
        assertThat(events.createHeadToken()).isEqualTo(before);
    }

    @Test
    void the_same_key_pays_once_even_if_its_answer_is_lost() {
        PaymentId first = payUnder("key");
        databases.of(OrderService.NAME).view("order-tests", "answers").clear();
        complete(order, first);

        assertThat(payUnder("key")).isEqualTo(first);
    }

    @Test
    void the_same_key_pays_another_order_on_its_own() {
        OrderId other = place(alice);

        assertThat(post(alice, "/orders/" + other + "/payment", "", "key").expectStatus().isAccepted().expectBody(OrderStanding.class)
                .returnResult().getResponseBody().paymentId()).isNotEqualTo(payUnder("key"));
    }

    @Test
    void an_order_that_is_being_paid_cannot_be_paid_again() {
        pay(alice, order);
        refusedWithoutTrace(() -> post(alice, path(), ""), 409, "order-not-pending");
    }

    @Test
    void a_completed_or_cancelled_order_cannot_be_paid() {
        complete(order, pay(alice, order));
        refusedWithoutTrace(() -> post(alice, path(), ""), 409, "order-not-pending");

        OrderId cancelled = place(alice);
        send(new CancelOrder(cancelled, alice));
        refusedWithoutTrace(() -> post(alice, "/orders/" + cancelled + "/payment", ""), 409, "order-not-pending");
    }

    @Test
    void an_order_whose_time_to_pay_is_over_cannot_be_paid() {
        clock.forward(Duration.ofMinutes(30));
        refusedWithoutTrace(() -> post(alice, path(), ""), 409, "order-not-pending");
    }

    @Test
    void an_order_can_be_tried_ten_times() {
        for (int attempt = 1; attempt <= 10; attempt++) {
            fail(order, pay(alice, order), FailureReason.INSUFFICIENT_BALANCE);
        }
        refusedWithoutTrace(() -> post(alice, path(), ""), 409, "too-many-attempts");
    }

    @Test
    void an_unknown_or_foreign_order_cannot_be_paid() {
        refusedWithoutTrace(() -> post(alice, "/orders/order-none/payment", ""), 404, "unknown-order");
        refusedWithoutTrace(() -> post(bob, path(), ""), 404, "unknown-order");
        refusedWithoutTrace(() -> waiting(bob, "wait=5").apply(path()), 404, "unknown-order");
        refusedWithoutTrace(() -> post(alice, "/orders/none/payment", ""), 400, "invalid-value");
        refused(http.post().uri(path()).exchange(), 401, "not-signed-in");
    }

    @Test
    void who_waits_hears_that_the_order_is_completed() {
        EntityExchangeResult<OrderStanding> answer = outcomeOf(payment -> complete(order, payment));

        assertThat(answer.getStatus().value()).isEqualTo(200);
        assertThat(answer.getResponseHeaders().getFirst("Preference-Applied")).isEqualTo("wait=20");
        assertThat(answer.getResponseHeaders().getLocation()).hasToString("/orders/" + order);
        assertThat(answer.getResponseBody()).extracting(OrderStanding::status, OrderStanding::failure, OrderStanding::cancelled)
                .containsExactly(OrderStatus.COMPLETED, null, null);
    }

    @Test
    void who_waits_hears_what_can_be_mended_and_of_the_second_attempt_its_own_outcome() {
        OrderStanding first = outcomeOf(payment -> fail(order, payment, FailureReason.INSUFFICIENT_BALANCE)).getResponseBody();
        assertThat(first).extracting(OrderStanding::status, OrderStanding::failure)
                .containsExactly(OrderStatus.PENDING, FailureReason.INSUFFICIENT_BALANCE);

        OrderStanding second = outcomeOf(payment -> complete(order, payment)).getResponseBody();
        assertThat(second).extracting(OrderStanding::status, OrderStanding::failure).containsExactly(OrderStatus.COMPLETED, null);
        assertThat(second.paymentId()).isNotEqualTo(first.paymentId());
    }

    @Test
    void who_waits_hears_what_cannot_be_mended() {
        assertThat(outcomeOf(payment -> fail(order, payment, FailureReason.OUT_OF_STOCK)).getResponseBody())
                .extracting(OrderStanding::status, OrderStanding::failure, OrderStanding::cancelled)
                .containsExactly(OrderStatus.CANCELLED, FailureReason.OUT_OF_STOCK, CancelReason.PAYMENT_FAILED);
    }

    @Test
    void who_waits_in_vain_hears_that_the_request_was_accepted() {
        var answer = waiting(alice, "wait=1").apply(path()).expectStatus().isAccepted().expectHeader()
                .valueEquals("Preference-Applied", "wait=1").expectHeader().valueEquals("Location", "/orders/" + order)
                .expectBody(OrderStanding.class).returnResult();

        assertThat(answer.getResponseBody().status()).isEqualTo(OrderStatus.PAYING);
    }

    @Test
    void who_waits_under_the_same_key_again_hears_the_outcome_of_the_one_payment() {
        PaymentId payment = payUnder("key");
        complete(order, payment);

        OrderStanding standing = as(alice, http.post().uri(path()).header("Idempotency-Key", "key").header("Prefer", "wait=20")).exchange()
                .expectStatus().isOk().expectBody(OrderStanding.class).returnResult().getResponseBody();
        assertThat(standing.paymentId()).isEqualTo(payment);
        assertThat(standing.status()).isEqualTo(OrderStatus.COMPLETED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait=0", "wait=-1", "wait=soon", "respond-async"})
    void a_preference_that_makes_no_sense_is_passed_over(String preference) {
        waiting(alice, preference).apply(path()).expectStatus().isAccepted().expectHeader().doesNotExist("Preference-Applied");
    }

    @Test
    void a_longer_wait_than_is_granted_is_cut() {
        CompletableFuture<ResponseSpec> answer = CompletableFuture.supplyAsync(() -> waiting(alice, "wait=3600").apply(path()));
        complete(order, shown(alice, order, OrderStatus.PAYING).paymentId());

        answer.join().expectStatus().isOk().expectHeader().valueEquals("Preference-Applied", "wait=30");
    }

    private interface Paying {
        ResponseSpec apply(String path);
    }

    private Paying waiting(CustomerId who, String preference) {
        return path -> as(who, http.mutate().responseTimeout(Duration.ofSeconds(40)).build().post().uri(path).header("Prefer", preference))
                .exchange();
    }

    /** Pays and waits while the checkout does that. */
    private EntityExchangeResult<OrderStanding> outcomeOf(Consumer<PaymentId> checkout) {
        CompletableFuture<ResponseSpec> answer = CompletableFuture.supplyAsync(() -> waiting(alice, "wait=20").apply(path()));
        checkout.accept(shown(alice, order, OrderStatus.PAYING).paymentId());
        return answer.join().expectBody(OrderStanding.class).returnResult();
    }

    private PaymentId payUnder(String key) {
        return post(alice, path(), "", key).expectStatus().isAccepted().expectBody(OrderStanding.class).returnResult().getResponseBody()
                .paymentId();
    }

    private String path() {
        return "/orders/" + order + "/payment";
    }
}
