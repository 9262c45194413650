package jangter.order;

import static org.assertj.core.api.Assertions.assertThat;

import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.Money;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import jangter.order.api.AppliedCoupon;
import jangter.order.api.Basket;
import jangter.order.api.CancelReason;
import jangter.order.api.FailureReason;
import jangter.order.api.OrderEvent.OrderCancelled;
import jangter.order.api.OrderEvent.OrderPlaced;
import jangter.order.api.OrderEvent.PaymentFailed;
import jangter.order.api.OrderEvent.PaymentRequested;
import jangter.order.api.OrderLine;
import jangter.platform.messaging.Serializers;
import java.time.Instant;
import java.util.List;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.junit.jupiter.api.Test;

class OrderStateTest {

    private static final Instant PAY_BY = Instant.parse("2026-05-04T09:30:00.123456789Z");
    private static final OrderId ORDER = new OrderId("order-1");
    private static final CustomerId ALICE = new CustomerId("alice");
    private static final Basket BASKET = new Basket(
            List.of(new OrderLine(new ProductId("product-tea"), new Quantity(2), Money.of(5_000, "KRW"))),
            new AppliedCoupon(new CouponId("coupon-1"), Money.of(2_000, "KRW")));

    private final Serializer serializer = Serializers.json();

    @Test
    void an_orders_state_comes_back_from_a_snapshot_as_it_was() {
        Order order = new Order();
        order.on(new OrderPlaced(ORDER, ALICE, BASKET, BASKET.total(), PAY_BY));
        unchanged(order);
        order.on(new PaymentRequested(ORDER, new PaymentId("payment-1"), ALICE, BASKET, BASKET.total()));
        order.on(new PaymentFailed(ORDER, new PaymentId("payment-1"), FailureReason.NOT_ANSWERED, PAY_BY.plusSeconds(60)));
        order.on(new PaymentRequested(ORDER, new PaymentId("payment-2"), ALICE, BASKET, BASKET.total()));
        unchanged(order);
        order.on(new OrderCancelled(ORDER, CancelReason.PAYMENT_FAILED));
        unchanged(order);
    }

    private void unchanged(Order order) {
        SerializedObject<byte[]> snapshot = serializer.serialize(order, byte[].class);
        Order restored = serializer.deserialize(snapshot);
        assertThat(restored).usingRecursiveComparison().isEqualTo(order);
    }
}
