package jangter.order;

import static org.assertj.core.api.Assertions.assertThat;

import jangter.kernel.OrderId;
import jangter.order.api.CancelReason;
import jangter.order.api.FailureReason;
import jangter.order.api.OrderStatus;
import java.util.List;
import org.axonframework.common.caching.Cache;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class CancelOrderHttpTest extends OrderScene {

    @Autowired
    Cache memory;

    private OrderId order;

    @BeforeEach
    void placeOne() {
        sell();
        order = place(alice);
    }

    @Test
    void a_customer_cancels_a_pending_order_once() {
        delete(alice, "/orders/" + order).expectStatus().isNoContent().expectBody().isEmpty();
        assertThat(shown(alice, order, OrderStatus.CANCELLED).cancelled()).isEqualTo(CancelReason.BY_CUSTOMER);

        Object before = events.createHeadToken();
        delete(alice, "/orders/" + order).expectStatus().isNoContent();
        assertThat(events.createHeadToken()).isEqualTo(before);
    }

    @Test
    void an_order_that_is_being_paid_or_was_paid_cannot_be_cancelled() {
        var payment = pay(alice, order);
        refusedWithoutTrace(() -> delete(alice, "/orders/" + order), 409, "order-not-pending");
        complete(order, payment);
        refusedWithoutTrace(() -> delete(alice, "/orders/" + order), 409, "order-not-pending");
    }

    @Test
    void an_order_that_a_failed_payment_cancelled_is_not_cancelled_by_its_customer() {
        fail(order, pay(alice, order), FailureReason.COUPON_UNUSABLE);
        refusedWithoutTrace(() -> delete(alice, "/orders/" + order), 409, "order-not-pending");
    }

    @Test
    void an_unknown_or_foreign_order_cannot_be_cancelled() {
        refusedWithoutTrace(() -> delete(bob, "/orders/" + order), 404, "unknown-order");
        refusedWithoutTrace(() -> delete(alice, "/orders/order-none"), 404, "unknown-order");
        refusedWithoutTrace(() -> delete(alice, "/orders/none"), 400, "invalid-value");
        refused(http.delete().uri("/orders/" + order).exchange(), 401, "not-signed-in");
        assertThat(shown(alice, order).cancelled()).isNull();
    }

    @Test
    void an_order_that_is_over_leaves_memory() {
        OrderId paid = place(alice);
        assertThat(List.of(order, paid)).allMatch(each -> memory.containsKey(each.value()));

        delete(alice, "/orders/" + order).expectStatus().isNoContent();
        complete(paid, pay(alice, paid));

        assertThat(List.of(order, paid)).noneMatch(each -> memory.containsKey(each.value()));
    }
}
