package jangter.order;

import jangter.kernel.CouponId;
import jangter.kernel.Money;
import jangter.kernel.Name;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import jangter.order.api.AppliedCoupon;
import jangter.order.api.Basket;
import jangter.order.api.CancelReason;
import jangter.order.api.FailureReason;
import jangter.order.api.OrderStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An order as its page shows it.
 *
 * @param placedAt null in the answer to its placing alone
 * @param paymentId the payment that is under way, failed last or completed it
 * @param failure why that payment failed
 */
record OrderDetails(OrderId orderId, OrderStatus status, List<PricedLine> lines, @Nullable CouponId couponId, @Nullable Money discount,
        Money total, @Nullable Instant placedAt, Instant payBy, @Nullable PaymentId paymentId, @Nullable FailureReason failure,
        @Nullable CancelReason cancelled) {

    /** An order as it was placed just now. */
    static OrderDetails placed(OrderId id, OrderPricing.Quote quote, Instant payBy) {
        Basket basket = quote.basket();
        AppliedCoupon coupon = basket.coupon();
        List<PricedLine> lines = basket.lines().stream().map(line -> new PricedLine(line.productId(),
                quote.entries().get(line.productId()).name(), line.quantity(), line.unitPrice())).toList();
        return new OrderDetails(id, OrderStatus.PENDING, lines, coupon == null ? null : coupon.couponId(),
                coupon == null ? null : coupon.discount(), basket.total(), null, payBy, null, null, null);
    }

    /** @param name null if the catalogue's copy does not hold the product (yet) */
    record PricedLine(ProductId productId, @Nullable Name name, Quantity quantity, Money unitPrice) {
    }
}
