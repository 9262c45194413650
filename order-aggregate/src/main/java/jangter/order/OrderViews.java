package jangter.order;

import static com.mongodb.client.model.Updates.addToSet;
import static com.mongodb.client.model.Updates.set;

import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.order.api.AppliedCoupon;
import jangter.order.api.CancelReason;
import jangter.order.api.FailureReason;
import jangter.order.api.OrderEvent.OrderCancelled;
import jangter.order.api.OrderEvent.OrderCompleted;
import jangter.order.api.OrderEvent.OrderPlaced;
import jangter.order.api.OrderEvent.PaymentFailed;
import jangter.order.api.OrderEvent.PaymentRequested;
import jangter.order.api.OrderLine;
import jangter.order.api.OrderQuery.FindStanding;
import jangter.order.api.OrderQuery.Standing;
import jangter.order.api.OrderStatus;
import jangter.platform.mongo.Databases;
import jangter.platform.mongo.View;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.queryhandling.QueryUpdateEmitter;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Writes what {@link Orders} reads, and tells those who follow an order how it stands now. They are told when the batch is written, so
 * that who hears of a change and looks finds it.
 *
 * <p>Two collections. {@code orders}: each order as its page shows it, with an index by which those are found whose time to pay is over. {@code customers}:
 * under the customer's id the days on which there were orders, and under customer and day which ones, so that a customer's list is read by ids alone.
 *
 * <p>An event that comes again changes nothing: each order knows the number of the last event that it has seen.
 */
@Component
@ProcessingGroup(OrderViews.GROUP)
class OrderViews {

    static final String GROUP = "order-views";

    private static final String VERSION = "version";

    private final View orders;
    private final View customers;
    private final QueryUpdateEmitter followers;

    OrderViews(Databases databases, QueryUpdateEmitter followers) {
        this.orders = databases.of(OrderService.NAME).view(GROUP, Orders.ORDERS);
        this.customers = databases.of(OrderService.NAME).view(GROUP, Orders.CUSTOMERS);
        this.followers = followers;
    }

    @EventHandler
    void on(OrderPlaced event, @Timestamp Instant placedAt, @SequenceNumber long version) {
        Map<String, Object> order = new HashMap<>(Map.of("customer", event.customerId(), "status", OrderStatus.PENDING,
                "lines", event.basket().lines().stream().map(OrderViews::line).toList(), "total", event.total(), "placedAt", placedAt,
                "payBy", event.payBy()));
        AppliedCoupon coupon = event.basket().coupon();
        if (coupon != null) {
            order.put("coupon", coupon.couponId());
            order.put("discount", coupon.discount());
        }
        orders.advance(event.orderId(), VERSION, version, order);

        String day = Orders.day(placedAt);
        customers.set(event.customerId(), addToSet("days", day));
        customers.set(Orders.customerAndDay(event.customerId(), day), set("orders." + event.orderId(), placedAt));
        tell(event.orderId(), OrderStatus.PENDING, null, null, null, version);
    }

    @EventHandler
    void on(PaymentRequested event, @SequenceNumber long version) {
        write(event.orderId(), OrderStatus.PAYING, event.paymentId(), null, null, version);
    }

    @EventHandler
    void on(OrderCompleted event, @SequenceNumber long version) {
        write(event.orderId(), OrderStatus.COMPLETED, event.paymentId(), null, null, version);
    }

    @EventHandler
    void on(PaymentFailed event, @SequenceNumber long version) {
        if (event.reason().isMendable()) {
            write(event.orderId(), OrderStatus.PENDING, event.paymentId(), event.reason(), null, version, Map.of("payBy", event.payBy()));
        } else {
            // its cancellation is the next event: nobody shall see it pending in between
            write(event.orderId(), OrderStatus.CANCELLED, event.paymentId(), event.reason(), CancelReason.PAYMENT_FAILED, version);
        }
    }

    @EventHandler
    void on(OrderCancelled event, @SequenceNumber long version) {
        if (event.reason() != CancelReason.PAYMENT_FAILED) {
            write(event.orderId(), OrderStatus.CANCELLED, null, null, event.reason(), version);
        }
    }

    private static Document line(OrderLine line) {
        return new Document("product", line.productId()).append("quantity", line.quantity()).append("unitPrice", line.unitPrice());
    }

    private void write(OrderId order, OrderStatus status, @Nullable PaymentId payment, @Nullable FailureReason failure,
            @Nullable CancelReason cancelled, long version) {
        write(order, status, payment, failure, cancelled, version, Map.of());
    }

    private void write(OrderId order, OrderStatus status, @Nullable PaymentId payment, @Nullable FailureReason failure,
            @Nullable CancelReason cancelled, long version, Map<String, ?> more) {
        Map<String, Object> fields = new HashMap<>(more);
        fields.put("status", status);
        fields.put("payment", payment);
        fields.put("failure", failure);
        fields.put("cancelled", cancelled);
        orders.advance(order, VERSION, version, fields);
        tell(order, status, payment, failure, cancelled, version);
    }

    private void tell(OrderId order, OrderStatus status, @Nullable PaymentId payment, @Nullable FailureReason failure,
            @Nullable CancelReason cancelled, long version) {
        followers.emit(FindStanding.class, query -> query.orderId().equals(order),
                new Standing(order, status, payment, failure, cancelled, version));
    }
}
