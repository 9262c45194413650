package jangter.order;

import static org.assertj.core.api.Assertions.assertThat;

import jangter.coupon.api.Discount;
import jangter.kernel.CouponId;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.Quantity;
import jangter.order.api.Basket;
import jangter.order.api.FailureReason;
import jangter.order.api.OrderEvent.OrderPlaced;
import jangter.order.api.OrderLine;
import jangter.order.api.OrderStatus;
import jangter.platform.http.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

class ShowOrderHttpTest extends OrderScene {

    @Autowired
    OrderViews views;

    @BeforeEach
    void shop() {
        sell();
    }

    @Test
    void an_orders_page_shows_everything() {
        CouponId coupon = issue("page", alice, new Discount.Fixed(won(2_000)));
        OrderId order = post(alice, "/orders", oneOf(tea, coupon)).expectStatus().isCreated().expectBody(OrderDetails.class).returnResult()
                .getResponseBody().orderId();
        PaymentId payment = pay(alice, order);
        fail(order, payment, FailureReason.INSUFFICIENT_BALANCE);
        soon().until(() -> shown(alice, order).failure() != null);

        get(alice, "/orders/" + order).expectStatus().isOk().expectBody()
                .jsonPath("$.orderId").isEqualTo(order.value())
                .jsonPath("$.status").isEqualTo("PENDING")
                .jsonPath("$.lines[0].productId").isEqualTo(tea.value())
                .jsonPath("$.lines[0].name").isEqualTo("product-tea")
                .jsonPath("$.lines[0].quantity").isEqualTo(1)
                .jsonPath("$.lines[0].unitPrice.amount").isEqualTo(5_000)
                .jsonPath("$.lines[0].unitPrice.currency").isEqualTo("KRW")
                .jsonPath("$.couponId").isEqualTo(coupon.value())
                .jsonPath("$.discount.amount").isEqualTo(2_000)
                .jsonPath("$.total.amount").isEqualTo(3_000)
                .jsonPath("$.placedAt").isNotEmpty()
                .jsonPath("$.payBy").isNotEmpty()
                .jsonPath("$.paymentId").isEqualTo(payment.value())
                .jsonPath("$.failure").isEqualTo("INSUFFICIENT_BALANCE")
                .jsonPath("$.cancelled").isEmpty();
    }

    @Test
    void an_order_that_the_view_has_not_heard_of_yet_is_waited_for() {
        OrderId order = new OrderId("order-of-" + alice);
        Basket basket = new Basket(List.of(new OrderLine(tea, new Quantity(1), won(5_000))), null);
        CompletableFuture<ResponseSpec> asked = CompletableFuture.supplyAsync(() -> get(alice, "/orders/" + order));
        batch(() -> views.on(new OrderPlaced(order, alice, basket, basket.total(), clock.instant().plusSeconds(60)), clock.instant(), 0));

        asked.join().expectStatus().isOk();
    }

    @Test
    void an_unknown_or_foreign_order_is_not_found() {
        OrderId order = place(alice);
        shown(alice, order);

        refusedWithoutTrace(() -> get(bob, "/orders/" + order), 404, "unknown-order");
        refusedWithoutTrace(() -> get(alice, "/orders/order-none"), 404, "unknown-order");
        refusedWithoutTrace(() -> get(alice, "/orders/none"), 400, "invalid-value");
        refused(http.get().uri("/orders/" + order).exchange(), 401, "not-signed-in");
    }

    @Test
    void a_list_shows_ones_own_orders_with_their_statuses_newest_first() {
        OrderId oldest = place(alice);
        OrderId middle = place(alice);
        OrderId newest = place(alice);
        place(bob);
        complete(middle, pay(alice, middle));
        shown(alice, middle, OrderStatus.COMPLETED);

        List<OrderSummary> orders = listed(alice, 3);

        assertThat(orders).extracting(OrderSummary::orderId).containsExactly(newest, middle, oldest);
        assertThat(orders).extracting(OrderSummary::status)
                .containsExactly(OrderStatus.PENDING, OrderStatus.COMPLETED, OrderStatus.PENDING);
        assertThat(orders).extracting(OrderSummary::total).containsOnly(won(5_000));
        assertThat(orders).extracting(OrderSummary::placedAt).isSortedAccordingTo(Collections.reverseOrder());
    }

    @Test
    void a_list_is_read_page_by_page_over_all_days() {
        List<OrderId> placed = new ArrayList<>();
        for (int day = 0; day < 13; day++) {
            placed.add(place(alice));
            placed.add(place(alice));
            clock.forward(Duration.ofDays(1));
        }
        listed(alice, 20);
        shown(alice, placed.get(25));
        Collections.reverse(placed);

        List<OrderId> read = new ArrayList<>();
        String query = "?size=5";
        int pages = 0;
        while (query != null) {
            Page<OrderSummary> page = page(alice, query);
            page.items().forEach(order -> read.add(order.orderId()));
            query = page.next() == null ? null : "?size=5&cursor=" + page.next();
            pages++;
        }

        assertThat(read).containsExactlyElementsOf(placed);
        assertThat(pages).isEqualTo(6);
        assertThat(page(alice, "?size=26")).satisfies(page -> assertThat(page.next()).isNull())
                .extracting(Page::items).asList().hasSize(26);
        assertThat(page(alice, "?size=25").next()).isNotNull();
    }

    @Test
    void an_order_placed_while_a_list_is_read_does_not_shift_it() {
        OrderId oldest = place(alice);
        place(alice);
        place(alice);
        listed(alice, 3);
        Page<OrderSummary> first = page(alice, "?size=2");
        place(alice);
        listed(alice, 4);

        assertThat(page(alice, "?size=2&cursor=" + first.next()).items()).extracting(OrderSummary::orderId).containsExactly(oldest);
    }

    @Test
    void who_has_no_orders_has_an_empty_list() {
        assertThat(page(bob, "")).isEqualTo(new Page<>(List.of(), null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"?size=0", "?size=-1", "?size=101", "?size=x", "?size=99999999999", "?cursor=x", "?cursor=",
        "?cursor=2026-99-99T00:00:00Z_order-1", "?cursor=2026-05-04T00:00:00Z"})
    void a_page_that_makes_no_sense_is_refused(String query) {
        place(alice);
        listed(alice, 1);
        refusedWithoutTrace(() -> get(alice, "/orders" + query), 400, "invalid-value");
    }

    @Test
    void nobody_has_a_list() {
        refused(http.get().uri("/orders").exchange(), 401, "not-signed-in");
    }
}
