package jangter.order;

import static com.mongodb.client.model.Updates.set;
import static org.assertj.core.api.Assertions.assertThat;

import jangter.kernel.OrderId;
import jangter.order.api.CancelReason;
import jangter.order.api.FailureReason;
import jangter.order.api.OrderCommand.CancelOrder;
import jangter.order.api.OrderEvent.OrderCompleted;
import jangter.order.api.OrderStatus;
import jangter.platform.mongo.View;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import reactor.core.publisher.Mono;

class OrderExpiryTest extends OrderScene {

    private static final Duration A_WHILE = Duration.ofMillis(500);

    @Autowired
    OrderExpiry expiry;

    private OrderExpiry another;

    @BeforeEach
    void shop() {
        sell();
        another = new OrderExpiry(orders, commands, clock,
                new OrderSettings(Duration.ofMinutes(30), Duration.ofMillis(20), Duration.ofSeconds(15)));
    }

    @AfterEach
    void stop() {
        another.stop();
    }

    @Test
    void an_order_that_is_not_paid_in_time_is_cancelled() {
        OrderId order = placed();
        clock.forward(Duration.ofMinutes(29));
        expiry.sweep().block(SOON);
        assertThat(shown(alice, order).cancelled()).isNull();

        clock.forward(Duration.ofMinutes(1));
        expiry.sweep().block(SOON);
        assertThat(shown(alice, order, OrderStatus.CANCELLED).cancelled()).isEqualTo(CancelReason.EXPIRED);
        assertThat(events.readEvents(order.value()).asStream()).extracting(event -> event.getMetaData().get("askedBy"))
                .containsExactly(alice.value(), "jangter-order");
    }

    @Test
    void a_failed_payment_gives_new_time_and_a_payment_under_way_is_left_alone() {
        OrderId failed = placed();
        OrderId paying = placed();
        pay(alice, paying);
        clock.forward(Duration.ofMinutes(20));
        fail(failed, pay(alice, failed), FailureReason.INSUFFICIENT_BALANCE);
        soon().until(() -> shown(alice, failed).failure() != null);

        clock.forward(Duration.ofMinutes(20));
        expiry.sweep().block(SOON);
        assertThat(shown(alice, failed).cancelled()).isNull();
        assertThat(shown(alice, paying, OrderStatus.PAYING).cancelled()).isNull();

        clock.forward(Duration.ofMinutes(10));
        expiry.sweep().block(SOON);
        shown(alice, failed, OrderStatus.CANCELLED);
        shown(alice, paying, OrderStatus.PAYING);
    }

    @Test
    void many_orders_expire_in_one_sweep() {
        List<OrderId> placed = IntStream.range(0, 230).mapToObj(n -> place(alice)).toList();
        soon().until(() -> unpaid().keySet().containsAll(placed));

        clock.forward(Duration.ofMinutes(31));
        expiry.sweep().block(SOON);

        soon().until(() -> Collections.disjoint(unpaid().keySet(), placed));
        soon().untilAsserted(() -> assertThat(views().get("orders")).filteredOn(order -> order.getString("customer").equals(alice.value()))
                .hasSize(230).extracting(order -> order.getString("cancelled")).containsOnly("EXPIRED"));
    }

    @Test
    void instances_that_sweep_at_the_same_time_expire_an_order_once() {
        OrderId order = placed();
        clock.forward(Duration.ofMinutes(31));
        Mono.when(expiry.sweep(), another.sweep(), expiry.sweep()).block(SOON);
        shown(alice, order, OrderStatus.CANCELLED);

        assertThat(events.readEvents(order.value()).asStream().toList()).hasSize(2);
    }

    @Test
    void a_view_that_lags_makes_no_order_expire() {
        OrderId order = placed();
        complete(order, pay(alice, order));
        shown(alice, order, OrderStatus.COMPLETED);
        // as if the view had not heard of the payment yet
        OrderId neverPlaced = new OrderId("order-never-placed");
        shows(OrderStatus.PENDING, order, neverPlaced);
        OrderId due = placed();
        clock.forward(Duration.ofMinutes(31));

        expiry.sweep().block(SOON);

        shown(alice, due, OrderStatus.CANCELLED);
        assertThat(events.readEvents(order.value()).asStream().map(DomainEventMessage::getPayload)).hasSize(3).last().isInstanceOf(OrderCompleted.class);
        assertThat(events.readEvents(neverPlaced.value()).hasNext()).isFalse();
        shows(OrderStatus.COMPLETED, order, neverPlaced);
    }

    private void shows(OrderStatus status, OrderId... orders) {
        View view = databases.of(OrderService.NAME).view(OrderViews.GROUP, Orders.ORDERS);
        batch(() -> Stream.of(orders).forEach(order -> view.set(order, set("status", status), set("payBy", clock.instant()), set("customer", alice))));
    }

    @Test
    void it_looks_now_and_then_until_it_is_stopped() {
        OrderId first = placed();
        clock.forward(Duration.ofMinutes(31));
        another.start();
        assertThat(another.isRunning()).isTrue();
        shown(alice, first, OrderStatus.CANCELLED);

        OrderId second = placed();
        clock.forward(Duration.ofMinutes(31));
        shown(alice, second, OrderStatus.CANCELLED);

        another.stop();
        assertThat(another.isRunning()).isFalse();
        OrderId third = placed();
        clock.forward(Duration.ofMinutes(31));
        soon().during(A_WHILE).until(() -> shown(alice, third).cancelled() == null);
        send(new CancelOrder(third, alice));
    }

    private OrderId placed() {
        OrderId order = place(alice);
        shown(alice, order);
        return order;
    }
}
