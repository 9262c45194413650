package jangter.order;

import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.Money;
import jangter.kernel.ProductId;
import jangter.order.api.AppliedCoupon;
import jangter.order.api.Basket;
import jangter.order.api.OrderLine;
import jangter.order.api.OrderRefusal;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Finds what an order costs, from the service's own copies of the catalogue and the coupons: the client has no say in it. */
@Component
class OrderPricing {

    private final OrderCatalogue catalogue;
    private final OrderCoupons coupons;
    private final Clock clock;

    OrderPricing(OrderCatalogue catalogue, OrderCoupons coupons, Clock clock) {
        this.catalogue = catalogue;
        this.coupons = coupons;
        this.clock = clock;
    }

    /** What a request comes to, with what its products are called. */
    record Quote(Basket basket, Map<ProductId, OrderCatalogue.Entry> entries) {
    }

    /** What that customer's request comes to; fails with an {@link OrderRefusal} where it cannot be had. */
    Mono<Quote> quote(CustomerId customer, OrderRequest request) {
        return catalogue.findSoon(request.products()).flatMap(entries -> {
            List<OrderLine> lines = lines(request, entries);
            return coupon(customer, request.couponId()).map(coupon -> new Quote(basket(lines, coupon), entries));
        });
    }

    private static List<OrderLine> lines(OrderRequest request, Map<ProductId, OrderCatalogue.Entry> entries) {
        for (ProductId product : request.products()) {
            if (!entries.containsKey(product)) {
                throw OrderRefusal.UNKNOWN_PRODUCT.because("There is no " + product + " on sale.");
            }
        }
        List<OrderLine> lines = request.lines().stream()
                .map(line -> new OrderLine(line.productId(), line.quantity(), entries.get(line.productId()).price())).toList();
        if (lines.stream().map(line -> line.unitPrice().currency()).distinct().count() > 1) {
            throw OrderRefusal.CURRENCIES_DIFFER.because("All products of an order must be priced in one currency.");
        }
        return lines;
    }

    private Mono<Optional<OrderCoupons.Entry>> coupon(CustomerId customer, @Nullable CouponId id) {
        if (id == null) {
            return Mono.just(Optional.empty());
        }
        return coupons.findSoon(id).filter(coupon -> coupon.owner().equals(customer))
                .switchIfEmpty(Mono.error(() -> OrderRefusal.UNKNOWN_COUPON.because("You hold no such coupon.")))
                .doOnNext(this::mustBeGood).map(Optional::of);
    }

    private void mustBeGood(OrderCoupons.Entry coupon) {
        if (coupon.used()) {
            throw OrderRefusal.COUPON_USED.because("This coupon is used already.");
        }
        if (!clock.instant().isBefore(coupon.expiresAt())) {
            throw OrderRefusal.COUPON_EXPIRED.because("The time of this coupon is over.");
        }
    }

    private static Basket basket(List<OrderLine> lines, Optional<OrderCoupons.Entry> coupon) {
        Basket plain = new Basket(lines, null);
        return coupon.map(entry -> new Basket(lines, new AppliedCoupon(entry.couponId(), discount(entry, plain.price())))).orElse(plain);
    }

    private static Money discount(OrderCoupons.Entry coupon, Money price) {
        if (!coupon.discount().limit().currency().equals(price.currency())) {
            throw OrderRefusal.CURRENCIES_DIFFER.because("The coupon is for another currency than the products.");
        }
        return coupon.discount().of(price);
    }
}
