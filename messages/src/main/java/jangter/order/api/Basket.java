package jangter.order.api;

import jangter.kernel.Money;
import jangter.kernel.Require;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an order is for: 1 to {@value #MOST_LINES} lines in one currency, each of another product, and at most one coupon, which never
 * takes off more than the lines cost.
 */
public record Basket(List<OrderLine> lines, @Nullable AppliedCoupon coupon) {

    public static final int MOST_LINES = 100;

    public Basket {
        Require.sizeBetween("lines", lines, 1, MOST_LINES);
        lines = List.copyOf(lines);
        Require.that(lines.stream().map(OrderLine::productId).distinct().count() == lines.size(), "lines", "must each be of another product");
        Money price = sum(lines);
        Require.that(coupon == null || coupon.discount().compareTo(price) <= 0, "discount", "must not exceed the price");
    }

    /** What the lines cost together. */
    public Money price() {
        return sum(lines);
    }

    /** What is to be paid: the price less the coupon's discount. */
    public Money total() {
        return coupon == null ? price() : price().minus(coupon.discount());
    }

    private static Money sum(List<OrderLine> lines) {
        return lines.stream().map(OrderLine::price).reduce(Money::plus).orElseThrow();
    }
}
