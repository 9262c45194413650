package jangter.coupon;

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
import jangter.platform.mongo.Databases;
import jangter.platform.mongo.Documents;
import jangter.platform.mongo.View;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Each customer's coupons: a document for each, under the customer's id, so that they are read together and by their owner alone, and a customer who has
 * many gets the next one as cheaply as the first. Whether one has expired is found when it is read.
 */
@Component
@ProcessingGroup(CampaignViews.GROUP)
class CustomerCoupons {

    private static final String VERSION = "version";
    private static final String USED_FOR = "usedFor";
    private static final String CAMPAIGN = "campaign";

    private final View coupons;
    private final Clock clock;

    CustomerCoupons(Databases databases, Clock clock) {
        this.coupons = databases.of(CouponService.NAME).view(CampaignViews.GROUP, "customer_coupons");
        this.clock = clock;
    }

    @EventHandler
    void on(CouponIssued event, @Timestamp Instant at, @SequenceNumber long version) {
        coupons.make(View.under(event.customerId(), event.couponId()), Map.of(CAMPAIGN, event.campaignId(), "name", event.campaignName(),
                "discount", event.discount(), "issuedAt", at, "expiresAt", event.expiresAt(), VERSION, version));
    }

    @EventHandler
    void on(CouponUsed event, @SequenceNumber long version) {
        spent(event.customerId(), event.couponId(), version, event.orderId());
    }

    @EventHandler
    void on(CouponRestored event, @SequenceNumber long version) {
        spent(event.customerId(), event.couponId(), version, null);
    }

    /** A coupon's event that comes again, or late, changes nothing. One that was issued to an older version has no document yet. */
    private void spent(CustomerId customer, CouponId coupon, long version, @Nullable OrderId order) {
        coupons.advanceOrMake(View.under(customer, coupon), VERSION, version, Collections.singletonMap(USED_FOR, order));
    }

    /** Those issued last come first. */
    Mono<Page<OwnedCoupon>> page(CustomerId customer, PageRequest request) {
        Cursor from = request.cursor() == null ? null : Cursor.parse(request.cursor());
        return all(customer).map(coupons -> Page.of(coupons.stream().filter(coupon -> from == null || place(coupon).isAfter(from))
                .limit(request.size() + 1).toList(), request, CustomerCoupons::place));
    }

    private Mono<List<OwnedCoupon>> all(CustomerId customer) {
        return Mono.zip(ofOlderVersion(customer), coupons.findUnder(customer).collectList(), (older, each) -> {
            Map<CouponId, Document> all = new LinkedHashMap<>(older);
            each.forEach(coupon -> all.merge(new CouponId(View.part(customer, coupon)), coupon, CustomerCoupons::sinceThen));
            return owned(all);
        });
    }

    /** An older version kept all coupons of a customer as one document. */
    private Mono<Map<CouponId, Document>> ofOlderVersion(CustomerId customer) {
        return coupons.find(customer).map(document -> {
            Map<CouponId, Document> older = new LinkedHashMap<>();
            document.get("coupons", Document.class).forEach((id, coupon) -> older.put(new CouponId(id), (Document) coupon));
            return older;
        }).defaultIfEmpty(Map.of());
    }

    /** What was written since, of a coupon that was issued to an older version, says only whether it is spent. */
    private static Document sinceThen(Document older, Document since) {
        return since.containsKey(CAMPAIGN) ? since : new Document(older).append(USED_FOR, since.get(USED_FOR));
    }

    private List<OwnedCoupon> owned(Map<CouponId, Document> coupons) {
        Instant now = clock.instant();
        return coupons.entrySet().stream().map(coupon -> owned(coupon.getKey(), coupon.getValue(), now))
                .sorted(Comparator.comparing(CustomerCoupons::place)).toList();
    }

    private static OwnedCoupon owned(CouponId id, Document coupon, Instant now) {
        String usedFor = coupon.getString(USED_FOR);
        // an older version wrote what stands for good as one field
        Document issued = Objects.requireNonNullElse(coupon.get("issued", Document.class), coupon);
        Instant expiresAt = Documents.instant(issued, "expiresAt");
        Status status = usedFor != null ? Status.USED : now.isBefore(expiresAt) ? Status.USABLE : Status.EXPIRED;
        return new OwnedCoupon(id, new CampaignId(issued.getString(CAMPAIGN)), new Name(issued.getString("name")),
                Documents.discount(issued, "discount"), Documents.instant(issued, "issuedAt"), expiresAt, status,
                usedFor == null ? null : new OrderId(usedFor));
    }

    private static Cursor place(OwnedCoupon coupon) {
        return new Cursor(coupon.issuedAt(), coupon.couponId().value());
    }
}
