package jangter.order;

import static org.assertj.core.api.Assertions.assertThat;

import jangter.kernel.CouponId;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.Quantity;
import jangter.order.api.AppliedCoupon;
import jangter.order.api.Basket;
import jangter.order.api.CancelReason;
import jangter.order.api.FailureReason;
import jangter.order.api.OrderCommand.CancelOrder;
import jangter.order.api.OrderEvent.OrderCancelled;
import jangter.order.api.OrderEvent.OrderCompleted;
import jangter.order.api.OrderEvent.OrderPlaced;
import jangter.order.api.OrderEvent.PaymentFailed;
import jangter.order.api.OrderEvent.PaymentRequested;
import jangter.order.api.OrderLine;
import jangter.order.api.OrderQuery.FindStanding;
import jangter.order.api.OrderQuery.Standing;
import jangter.order.api.OrderStatus;
import jangter.platform.messaging.ViewsAnew;
import jangter.platform.mongo.Documents;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.queryhandling.QueryGateway;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Autowired;

class OrderViewsTest extends OrderScene {

    private static final Instant PLACED_AT = Instant.parse("2026-05-04T23:59:59.999Z");
    private static final Instant PAY_BY = Instant.parse("2126-05-05T00:29:59.999Z");
    private static final Instant NEW_PAY_BY = Instant.parse("2126-05-05T01:00:00Z");

    @Autowired
    BeanFactory service;

    @Autowired
    OrderViews views;
    @Autowired
    QueryGateway queries;
    @Autowired
    EventProcessingConfiguration processing;

    private final OrderId order = new OrderId("order-of-" + alice);
    private final PaymentId first = new PaymentId("payment-1");
    private final PaymentId second = new PaymentId("payment-2");
    private final Basket basket = new Basket(List.of(new OrderLine(tea, new Quantity(2), won(5_000))),
            new AppliedCoupon(new CouponId("coupon-1"), won(1_000)));

    @Test
    void an_order_is_written_as_its_page_shows_it() {
        batch(this::placed);

        Document written = written(order);
        assertThat(written).containsEntry("customer", alice.value()).containsEntry("status", "PENDING").containsEntry("coupon", "coupon-1")
                .containsEntry("version", 0L);
        assertThat(Documents.money(written, "discount")).isEqualTo(won(1_000));
        assertThat(Documents.money(written, "total")).isEqualTo(won(9_000));
        assertThat(Documents.instant(written, "placedAt")).isEqualTo(PLACED_AT);
        assertThat(Documents.instant(written, "payBy")).isEqualTo(PAY_BY);
        assertThat(written.getList("lines", Document.class)).singleElement().satisfies(line -> {
            assertThat(line).containsEntry("product", tea.value()).containsEntry("quantity", 2);
            assertThat(Documents.money(line, "unitPrice")).isEqualTo(won(5_000));
        });
    }

    @Test
    void a_customers_orders_are_found_by_customer_and_day() {
        batch(this::placed);

        Map<String, List<Document>> all = views();
        assertThat(all.get("customers")).filteredOn(document -> document.getString("_id").equals(alice.value())).singleElement()
                .satisfies(index -> assertThat(index.getList("days", String.class)).containsExactly("2026-05-04"));
        assertThat(all.get("customers")).filteredOn(document -> document.getString("_id").equals(alice + "/2026-05-04")).singleElement()
                .satisfies(day -> assertThat(Documents.instant(day.get("orders", Document.class), order.value())).isEqualTo(PLACED_AT));
    }

    @Test
    void a_batch_that_comes_again_changes_nothing() {
        Runnable batch = () -> {
            placed();
            views.on(new PaymentRequested(order, first, alice, basket, basket.total()), 1);
            views.on(new PaymentFailed(order, first, FailureReason.INSUFFICIENT_BALANCE, NEW_PAY_BY), 2);
            views.on(new PaymentRequested(order, second, alice, basket, basket.total()), 3);
            views.on(new OrderCompleted(order, second, alice, basket), 4);
        };
        batch(batch);
        Map<String, List<Document>> before = mine();
        assertThat(standing()).isEqualTo(new Standing(order, OrderStatus.COMPLETED, second, null, null, 4));
        assertThat(before.get("orders")).hasSize(1);
        assertThat(before.get("customers")).hasSize(2);

        batch(batch);
        assertThat(mine()).isEqualTo(before);
    }

    @Test
    void an_event_that_comes_late_again_does_not_turn_an_order_back() {
        batch(this::placed);
        batch(() -> views.on(new PaymentRequested(order, first, alice, basket, basket.total()), 1));
        batch(() -> views.on(new OrderCompleted(order, first, alice, basket), 2));
        Document before = written(order);

        batch(() -> views.on(new PaymentRequested(order, first, alice, basket, basket.total()), 1));
        batch(this::placed);

        assertThat(written(order)).isEqualTo(before);
        // what comes late comes with all that followed
        batch(() -> views.on(new PaymentRequested(order, first, alice, basket, basket.total()), 1));
    }

    @Test
    void an_order_is_among_the_unpaid_while_it_is_pending() {
        batch(this::placed);
        assertThat(unpaidUntil()).isEqualTo(PAY_BY);

        batch(() -> views.on(new PaymentRequested(order, first, alice, basket, basket.total()), 1));
        assertThat(unpaidUntil()).isNull();

        batch(() -> views.on(new PaymentFailed(order, first, FailureReason.NOT_ANSWERED, NEW_PAY_BY), 2));
        assertThat(unpaidUntil()).isEqualTo(NEW_PAY_BY);
        assertThat(Documents.instant(written(order), "payBy")).isEqualTo(NEW_PAY_BY);

        batch(() -> views.on(new OrderCancelled(order, CancelReason.EXPIRED), 3));
        assertThat(unpaidUntil()).isNull();
    }

    @Test
    void an_order_whose_payment_failed_for_good_is_never_seen_pending() {
        batch(this::placed);
        batch(() -> views.on(new PaymentRequested(order, first, alice, basket, basket.total()), 1));
        batch(() -> views.on(new PaymentFailed(order, first, FailureReason.OUT_OF_STOCK, NEW_PAY_BY), 2));
        Standing failed = new Standing(order, OrderStatus.CANCELLED, first, FailureReason.OUT_OF_STOCK, CancelReason.PAYMENT_FAILED, 2);
        assertThat(standing()).isEqualTo(failed);

        batch(() -> views.on(new OrderCancelled(order, CancelReason.PAYMENT_FAILED), 3));
        assertThat(standing()).isEqualTo(failed);
        assertThat(unpaidUntil()).isNull();
    }

    @Test
    void a_cancelled_order_no_longer_tells_of_a_failure_before() {
        batch(this::placed);
        batch(() -> views.on(new PaymentRequested(order, first, alice, basket, basket.total()), 1));
        batch(() -> views.on(new PaymentFailed(order, first, FailureReason.INSUFFICIENT_BALANCE, NEW_PAY_BY), 2));
        batch(() -> views.on(new OrderCancelled(order, CancelReason.BY_CUSTOMER), 3));

        assertThat(standing()).isEqualTo(new Standing(order, OrderStatus.CANCELLED, null, null, CancelReason.BY_CUSTOMER, 3));
    }

    @Test
    void an_order_that_was_never_placed_has_no_standing() {
        assertThat(standing()).isNull();
    }

    @Test
    void views_built_anew_from_the_events_are_as_they_were() {
        sell();
        OrderId completed = place(alice);
        complete(completed, pay(alice, completed));
        OrderId cancelled = place(alice);
        send(new CancelOrder(cancelled, alice));
        OrderId pending = place(alice);
        shown(alice, completed, OrderStatus.COMPLETED);
        shown(alice, cancelled, OrderStatus.CANCELLED);
        shown(alice, pending);
        listed(alice, 3);
        Map<String, List<Document>> before = mine();

        ViewsAnew.build(service, OrderViews.GROUP);

        assertThat(mine()).isEqualTo(before);
    }

    private void placed() {
        views.on(new OrderPlaced(order, alice, basket, basket.total(), PAY_BY), PLACED_AT, 0);
    }

    private Document written(OrderId id) {
        return databases.of(OrderService.NAME).view(OrderViews.GROUP, Orders.ORDERS).find(id).block();
    }

    private Instant unpaidUntil() {
        return unpaid().get(order);
    }

    private Standing standing() {
        return queries.query(new FindStanding(order), Standing.class).join();
    }

    /** What the views hold of Alice. */
    private Map<String, List<Document>> mine() {
        Map<String, List<Document>> all = views();
        List<Document> orders = all.get("orders").stream().filter(order -> Objects.equals(order.getString("customer"), alice.value())).toList();
        return Map.of("orders", orders,
                "customers", all.get("customers").stream().filter(document -> (document.getString("_id") + "/").startsWith(alice + "/")).toList());
    }
}
