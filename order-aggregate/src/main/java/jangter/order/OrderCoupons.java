package jangter.order;

import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Updates.set;

import jangter.coupon.api.CouponEvent.CouponIssued;
import jangter.coupon.api.CouponEvent.CouponRestored;
import jangter.coupon.api.CouponEvent.CouponUsed;
import jangter.coupon.api.Discount;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.platform.mongo.Databases;
import jangter.platform.mongo.Documents;
import jangter.platform.mongo.View;
import java.time.Instant;
import java.util.Map;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The order service's own copy of who holds which coupon and what it takes off, so that placing an order asks no other service. */
@Component
@ProcessingGroup(OrderCoupons.GROUP)
class OrderCoupons {

    static final String GROUP = "order-coupons";

    private final View coupons;

    OrderCoupons(Databases databases) {
        this.coupons = databases.of(OrderService.NAME).view(GROUP, "coupons");
    }

    /** A coupon as an order sees it, good until just before {@code expiresAt}. */
    record Entry(CouponId couponId, CustomerId owner, Discount discount, Instant expiresAt, boolean used) {
    }

    @EventHandler
    void on(CouponIssued event, @SequenceNumber long version) {
        coupons.make(event.couponId(), Map.of("customer", event.customerId(), "discount", event.discount(),
                "expiresAt", event.expiresAt(), "used", false, "version", version));
    }

    @EventHandler
    void on(CouponUsed event, @SequenceNumber long version) {
        coupons.setIf(event.couponId(), lt("version", version), set("used", true), set("version", version));
    }

    @EventHandler
    void on(CouponRestored event, @SequenceNumber long version) {
        coupons.setIf(event.couponId(), lt("version", version), set("used", false), set("version", version));
    }

    /** That coupon, looked for again if it is not there yet, or nothing. */
    Mono<Entry> findSoon(CouponId id) {
        return coupons.findSoon(id).map(document -> new Entry(id, new CustomerId(document.getString("customer")),
                Documents.discount(document, "discount"), Documents.instant(document, "expiresAt"), document.getBoolean("used")));
    }
}
