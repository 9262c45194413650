package jangter.coupon;

import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.not;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;

import jangter.coupon.OwnedCoupon.Status;
import jangter.coupon.api.CouponEvent.CouponIssued;
import jangter.coupon.api.CouponEvent.CouponRestored;
import jangter.coupon.api.CouponEvent.CouponUsed;
import jangter.kernel.CampaignId;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.Name;
import jangter.kernel.OrderId;
import jangter.platform.http.Cursor;
import jangter.platform.http.Page;
import jangter.platform.http.PageRequest;
import jangter.platform.mongo.Changes;
import jangter.platform.mongo.Databases;
import jangter.platform.mongo.Documents;
import jangter.platform.mongo.View;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Each customer's coupons: one document a customer, since they are read together and by their owner alone. Whether one has expired is
 * found when it is read.
 */
@Component
@ProcessingGroup(CampaignViews.GROUP)
class CustomerCoupons {

    /** What stands for good from the first: as one, since a rush writes it for each of its customers. */
    private static final String ISSUED = "issued";

    private final View customers;
    private final Clock clock;

    CustomerCoupons(Databases databases, Clock clock) {
        this.customers = databases.of(CouponService.NAME).view(CampaignViews.GROUP, "customer_coupons");
        this.clock = clock;
    }

    @EventHandler
    void on(CouponIssued event, @Timestamp Instant at) {
        customers.set(event.customerId(), Changes.set(Map.of(field(event.couponId(), ISSUED), new Document("campaign", event.campaignId())
                .append("name", event.campaignName()).append("discount", event.discount()).append("issuedAt", at).append("expiresAt", event.expiresAt()))));
    }

    @EventHandler
    void on(CouponUsed event, @SequenceNumber long version) {
        change(event.customerId(), event.couponId(), version, set(field(event.couponId(), "usedFor"), event.orderId()));
    }

    @EventHandler
    void on(CouponRestored event, @SequenceNumber long version) {
        change(event.customerId(), event.couponId(), version, unset(field(event.couponId(), "usedFor")));
    }

    /** A coupon's event that comes again, or late, changes nothing. */
    private void change(CustomerId customer, CouponId coupon, long version, Bson change) {
        customers.setIf(customer, not(gte(field(coupon, "version"), version)), change, set(field(coupon, "version"), version));
    }

    /** Those issued last come first. */
    Mono<Page<OwnedCoupon>> page(CustomerId customer, PageRequest request) {
        Cursor from = request.cursor() == null ? null : Cursor.parse(request.cursor());
        return customers.find(customer).map(this::coupons).defaultIfEmpty(List.of())
                .map(coupons -> Page.of(coupons.stream().filter(coupon -> from == null || place(coupon).isAfter(from))
                        .limit(request.size() + 1).toList(), request, CustomerCoupons::place));
    }

    private List<OwnedCoupon> coupons(Document customer) {
        Instant now = clock.instant();
        Document coupons = customer.get("coupons", Document.class);
        return coupons.keySet().stream().map(id -> coupon(new CouponId(id), coupons.get(id, Document.class), now))
                .sorted(Comparator.comparing(CustomerCoupons::place)).toList();
    }

    private static OwnedCoupon coupon(CouponId id, Document coupon, Instant now) {
        String usedFor = coupon.getString("usedFor");
        // of an older version's coupon this stands beside what came of it
        Document issued = Objects.requireNonNullElse(coupon.get(ISSUED, Document.class), coupon);
        Instant expiresAt = Documents.instant(issued, "expiresAt");
        Status status = usedFor != null ? Status.USED : now.isBefore(expiresAt) ? Status.USABLE : Status.EXPIRED;
        return new OwnedCoupon(id, new CampaignId(issued.getString("campaign")), new Name(issued.getString("name")),
                Documents.discount(issued, "discount"), Documents.instant(issued, "issuedAt"), expiresAt, status,
                usedFor == null ? null : new OrderId(usedFor));
    }

    private static Cursor place(OwnedCoupon coupon) {
        return new Cursor(coupon.issuedAt(), coupon.couponId().value());
    }

    /** An id holds neither dot nor dollar, so it can be part of a path. */
    private static String field(CouponId coupon, String name) {
        return "coupons." + coupon + "." + name;
    }
}
