package jangter.checkout;

import jangter.checkout.Checkout.Mark;
import jangter.kernel.ProductId;
import jangter.order.api.Basket;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What has become of each thing that a checkout does: of the payment, of each product's pieces, of the coupon (which is gone from the
 * beginning if the order has none).
 */
record Marks(Mark payment, Map<ProductId, Mark> stock, Mark coupon) {

    Marks {
        stock = Collections.unmodifiableMap(new LinkedHashMap<>(stock));
    }

    static Marks of(Basket basket) {
        Map<ProductId, Mark> stock = new LinkedHashMap<>();
        basket.lines().forEach(line -> stock.put(line.productId(), Mark.NOT_ASKED));
        return new Marks(Mark.NOT_ASKED, stock, basket.coupon() == null ? Mark.GONE : Mark.NOT_ASKED);
    }

    boolean allStock(Mark mark) {
        return stock.values().stream().allMatch(mark::equals);
    }

    boolean anyStockMayBeThere() {
        return stock.values().stream().anyMatch(Mark::mayBeThere);
    }

    /** With what the answer says. What was once undone stays so, and what was done is not asked for again. */
    Marks with(Answer answer) {
        return switch (answer.step()) {
            case TAKE_PAYMENT -> new Marks(payment.then(answer.mark()), stock, coupon);
            case DEDUCT_STOCK -> new Marks(payment, stockWith(answer), coupon);
            case USE_COUPON -> new Marks(payment, stock, coupon.then(answer.mark()));
            default -> this;
        };
    }

    Marks withPaymentAsked() {
        return new Marks(payment.asked(), stock, coupon);
    }

    Marks withStockAsked() {
        Map<ProductId, Mark> asked = new LinkedHashMap<>(stock);
        asked.replaceAll((product, mark) -> mark.asked());
        return new Marks(payment, asked, coupon);
    }

    Marks withCouponAsked() {
        return new Marks(payment, stock, coupon.asked());
    }

    private Map<ProductId, Mark> stockWith(Answer answer) {
        Map<ProductId, Mark> changed = new LinkedHashMap<>(stock);
        changed.computeIfPresent(answer.product(), (product, mark) -> mark.then(answer.mark()));
        return changed;
    }
}
