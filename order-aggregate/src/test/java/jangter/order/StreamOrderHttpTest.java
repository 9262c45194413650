package jangter.order;

import static org.assertj.core.api.Assertions.assertThat;

import jangter.kernel.CustomerId;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.order.api.CancelReason;
import jangter.order.api.FailureReason;
import jangter.order.api.OrderCommand.CancelOrder;
import jangter.order.api.OrderStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class StreamOrderHttpTest extends OrderScene {

    private OrderId order;

    @BeforeEach
    void placeOne() {
        sell();
        order = place(alice);
        shown(alice, order);
    }

    @Test
    void a_stream_tells_how_an_order_stands_then_each_change_and_ends_with_the_last() {
        AtomicReference<PaymentId> payment = new AtomicReference<>();
        StepVerifier.create(standings())
                .assertNext(standing -> assertThat(standing).isEqualTo(new OrderStanding(order, OrderStatus.PENDING, null, null, null)))
                .then(() -> payment.set(pay(alice, order)))
                .assertNext(standing -> assertThat(standing)
                        .isEqualTo(new OrderStanding(order, OrderStatus.PAYING, payment.get(), null, null)))
                .then(() -> fail(order, payment.get(), FailureReason.INSUFFICIENT_BALANCE))
                .assertNext(standing -> assertThat(standing)
                        .isEqualTo(new OrderStanding(order, OrderStatus.PENDING, payment.get(), FailureReason.INSUFFICIENT_BALANCE, null)))
                .then(() -> payment.set(pay(alice, order)))
                .assertNext(standing -> assertThat(standing)
                        .isEqualTo(new OrderStanding(order, OrderStatus.PAYING, payment.get(), null, null)))
                .then(() -> complete(order, payment.get()))
                .assertNext(standing -> assertThat(standing)
                        .isEqualTo(new OrderStanding(order, OrderStatus.COMPLETED, payment.get(), null, null)))
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void a_payment_that_cannot_be_mended_is_told_as_one_change() {
        PaymentId payment = pay(alice, order);
        shown(alice, order, OrderStatus.PAYING);
        StepVerifier.create(standings())
                .expectNextCount(1)
                .then(() -> fail(order, payment, FailureReason.OUT_OF_STOCK))
                .expectNext(new OrderStanding(order, OrderStatus.CANCELLED, payment, FailureReason.OUT_OF_STOCK, CancelReason.PAYMENT_FAILED))
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void changes_that_follow_fast_are_told_in_order_and_each_once() {
        Flux<Long> versions = stream(alice, null).filter(event -> event.data() != null).map(event -> Long.valueOf(event.id()));
        Mono.fromRunnable(() -> {
            for (int attempt = 0; attempt < 5; attempt++) {
                fail(order, pay(alice, order), FailureReason.NOT_ANSWERED);
            }
            send(new CancelOrder(order, alice));
        }).subscribeOn(Schedulers.boundedElastic()).subscribe();

        List<Long> told = versions.collectList().block(SOON);
        assertThat(told).isSorted().doesNotHaveDuplicates().endsWith(11L);
    }

    @Test
    void every_follower_is_told() {
        List<Mono<OrderStanding>> followers = new ArrayList<>();
        for (int follower = 0; follower < 5; follower++) {
            followers.add(standings().last().cache());
        }
        Mono<Void> all = Mono.when(followers);
        StepVerifier.create(all).then(() -> send(new CancelOrder(order, alice))).expectComplete().verify(SOON);
        assertThat(followers).allSatisfy(last -> assertThat(last.block().status()).isEqualTo(OrderStatus.CANCELLED));
    }

    @Test
    void a_stream_with_nothing_to_tell_shows_that_it_lives() {
        StepVerifier.create(stream(alice, null).skip(1).take(3)).thenConsumeWhile(event -> "still here".equals(event.comment())
                && event.data() == null).expectComplete().verify(SOON);
    }

    @Test
    void the_stream_of_an_order_that_stands_for_good_ends_at_once_and_is_not_taken_up_again() {
        send(new CancelOrder(order, alice));
        shown(alice, order, OrderStatus.CANCELLED);

        List<ServerSentEvent<OrderStanding>> told = told(stream(alice, null));
        assertThat(told).singleElement().extracting(ServerSentEvent::data)
                .isEqualTo(new OrderStanding(order, OrderStatus.CANCELLED, null, null, CancelReason.BY_CUSTOMER));

        open(alice, order, told.get(0).id()).expectStatus().isNoContent();
    }

    @Test
    void who_missed_the_end_is_told_it() {
        send(new CancelOrder(order, alice));
        shown(alice, order, OrderStatus.CANCELLED);

        assertThat(told(stream(alice, "0"))).singleElement()
                .satisfies(event -> assertThat(event.data().status()).isEqualTo(OrderStatus.CANCELLED));
    }

    @Test
    void an_unknown_or_foreign_order_cannot_be_followed() {
        refused(open(bob, order, null), 404, "unknown-order");
        refused(open(alice, new OrderId("order-none"), null), 404, "unknown-order");
        refused(get(bob, "/orders/" + order + "/stream"), 404, "unknown-order");
        refused(get(alice, "/orders/none/stream"), 400, "invalid-value");
        refused(http.get().uri("/orders/" + order + "/stream").exchange(), 401, "not-signed-in");
    }

    private Flux<OrderStanding> standings() {
        return stream(alice, null).mapNotNull(ServerSentEvent::data);
    }

    private Flux<ServerSentEvent<OrderStanding>> stream(CustomerId who, String seen) {
        return open(who, order, seen).expectStatus().isOk().expectHeader().contentTypeCompatibleWith(MediaType.TEXT_EVENT_STREAM)
                .returnResult(new ParameterizedTypeReference<ServerSentEvent<OrderStanding>>() { }).getResponseBody();
    }

    private ResponseSpec open(CustomerId who, OrderId which, String seen) {
        return as(who, http.get().uri("/orders/" + which + "/stream").accept(MediaType.TEXT_EVENT_STREAM)
                .headers(headers -> {
                    if (seen != null) {
                        headers.set("Last-Event-ID", seen);
                    }
                })).exchange();
    }

    /** All that a stream tells until it ends; that it lives, it may say at any time. */
    private static List<ServerSentEvent<OrderStanding>> told(Flux<ServerSentEvent<OrderStanding>> stream) {
        return stream.filter(event -> event.data() != null).collectList().block(SOON);
    }
}
