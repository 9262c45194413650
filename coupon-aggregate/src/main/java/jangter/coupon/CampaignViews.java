package jangter.coupon;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.empty;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Updates.min;
import static com.mongodb.client.model.Updates.set;

import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Sorts;
import jangter.coupon.api.CouponEvent.CampaignLaunched;
import jangter.coupon.api.CouponEvent.CouponClaimed;
import jangter.coupon.api.CouponEvent.CouponsClaimed;
import jangter.coupon.api.Window;
import jangter.kernel.CampaignId;
import jangter.kernel.Name;
import jangter.kernel.Quantity;
import jangter.platform.http.Cursor;
import jangter.platform.http.Page;
import jangter.platform.http.PageRequest;
import jangter.platform.mongo.Databases;
import jangter.platform.mongo.Documents;
import jangter.platform.mongo.View;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** All campaigns, and how many coupons each has left. */
@Component
@ProcessingGroup(CampaignViews.GROUP)
class CampaignViews {

    static final String GROUP = "coupon-views";

    private final View campaigns;

    CampaignViews(Databases databases) {
        campaigns = databases.of(CouponService.NAME).view(GROUP, "campaigns");
        campaigns.index(Indexes.descending("launchedAt", "_id"));
    }

    @EventHandler
    void on(CampaignLaunched event, @Timestamp Instant at) {
        campaigns.set(event.campaignId(), set("name", event.name()), set("discount", event.discount()),
                set("quantity", event.quantity()), min("remaining", event.quantity()), set("opensAt", event.window().opensAt()),
                set("closesAt", event.window().closesAt()), set("validFor", event.validFor().toString()), set("launchedAt", at));
    }

    @EventHandler
    void on(CouponClaimed event) {
        noMoreThan(event.campaignId(), event.remaining());
    }

    @EventHandler
    void on(CouponsClaimed event) {
        noMoreThan(event.campaignId(), event.remaining());
    }

    /**
     * A campaign only ever has fewer left, so an event that comes again cannot turn the number back. What a batch says of a campaign, which in a rush
     * is as much as there is room for, is written once.
     */
    private void noMoreThan(CampaignId campaign, Quantity remaining) {
        Map<CampaignId, Quantity> batch = CurrentUnitOfWork.get().root().getOrComputeResource(CampaignViews.class.getName(), key -> new HashMap<>());
        Quantity fewest = batch.merge(campaign, remaining, BinaryOperator.minBy(Comparator.naturalOrder()));
        campaigns.gather(campaign, () -> List.of(min("remaining", fewest)));
    }

    /** That campaign, looked for again if it is not there yet, or nothing. */
    Mono<CampaignDetails> findSoon(CampaignId id) {
        return campaigns.findSoon(id).map(CampaignViews::details);
    }

    /** Those launched last come first. */
    Mono<Page<CampaignDetails>> page(PageRequest request) {
        Bson from = request.cursor() == null ? empty() : after(Cursor.parse(request.cursor()));
        return campaigns.find(from, Sorts.descending("launchedAt", "_id"), request.size() + 1).collectList()
                .map(found -> Page.of(found, request, CampaignViews::place).map(CampaignViews::details));
    }

    private static Bson after(Cursor place) {
        return or(lt("launchedAt", place.at()), and(eq("launchedAt", place.at()), lt("_id", place.id())));
    }

    private static Cursor place(Document campaign) {
        return new Cursor(Documents.instant(campaign, "launchedAt"), campaign.getString("_id"));
    }

    private static CampaignDetails details(Document campaign) {
        return new CampaignDetails(new CampaignId(campaign.getString("_id")), new Name(campaign.getString("name")),
                Documents.discount(campaign, "discount"), new Quantity(campaign.getInteger("quantity")),
                new Quantity(campaign.getInteger("remaining")),
                new Window(Documents.instant(campaign, "opensAt"), Documents.instant(campaign, "closesAt")),
                Duration.parse(campaign.getString("validFor")));
    }
}
