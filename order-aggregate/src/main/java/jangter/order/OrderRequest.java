package jangter.order;

import jangter.kernel.CouponId;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import jangter.kernel.Require;
import jangter.order.api.Basket;
import jangter.order.api.OrderLine;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a customer wants: how many of which products, and perhaps a coupon. Never what it costs. */
record OrderRequest(List<RequestedLine> lines, @Nullable CouponId couponId) {

    OrderRequest {
        Require.sizeBetween("lines", lines, 1, Basket.MOST_LINES);
        Require.that(lines.stream().allMatch(Objects::nonNull), "lines", "must not be null");
        lines = List.copyOf(lines);
    }

    record RequestedLine(ProductId productId, Quantity quantity) {

        RequestedLine {
            Require.present("product id", productId);
            Require.between("quantity", Require.present("quantity", quantity).value(), 1, OrderLine.MOST_PIECES);
        }
    }

    List<ProductId> products() {
        return lines.stream().map(RequestedLine::productId).distinct().toList();
    }

    /** Whether that order is for just this. */
    boolean isFor(OrderDetails order) {
        return lines.equals(order.lines().stream().map(line -> new RequestedLine(line.productId(), line.quantity())).toList())
                && Objects.equals(couponId, order.couponId());
    }
}
