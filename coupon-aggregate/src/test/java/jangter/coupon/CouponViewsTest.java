package jangter.coupon;

import static jangter.coupon.Samples.ALICE;
import static jangter.coupon.Samples.BOB;
import static jangter.coupon.Samples.CAMPAIGN;
import static jangter.coupon.Samples.COUPON;
import static jangter.coupon.Samples.NOON;
import static jangter.coupon.Samples.OTHER_COUPON;
import static jangter.coupon.Samples.claim;
import static jangter.coupon.Samples.claimed;
import static jangter.coupon.Samples.claimedTogether;
import static jangter.coupon.Samples.issued;
import static jangter.coupon.Samples.launched;
import static jangter.coupon.Samples.won;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.mongodb.reactivestreams.client.MongoClient;
import jangter.coupon.OwnedCoupon.Status;
import jangter.coupon.api.CouponEvent.CouponRestored;
import jangter.coupon.api.CouponEvent.CouponUseRefused;
import jangter.coupon.api.CouponEvent.CouponUseVoided;
import jangter.coupon.api.CouponEvent.CouponUsed;
import jangter.coupon.api.CouponEvent.RefusedBecause;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.platform.ServiceTest;
import jangter.platform.http.PageRequest;
import jangter.platform.messaging.ViewsAnew;
import jangter.platform.mongo.Databases;
import jangter.platform.mongo.View;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.MetaData;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Autowired;
import reactor.core.publisher.Flux;

/** What the views make of the events, also when a batch of them comes again. */
@ServiceTest(CouponService.class)
class CouponViewsTest {

    private static final OrderId ORDER = new OrderId("order-1");
    private static final PaymentId PAYMENT = new PaymentId("payment-1");
    private static final PaymentId OTHER_PAYMENT = new PaymentId("payment-2");

    @Autowired
    BeanFactory service;

    @Autowired
    private EventStore events;

    @Autowired
    private EventProcessingConfiguration processing;

    @Autowired
    private CampaignViews campaigns;

    @Autowired
    private CustomerCoupons coupons;

    @Autowired
    private Databases databases;

    @Autowired
    private MongoClient mongo;

    private final Map<Object, Long> sequence = new HashMap<>();

    @Test
    void events_that_come_again_and_views_that_are_built_anew_change_nothing() {
        List<DomainEventMessage<?>> story = List.of(
                message("Campaign", CAMPAIGN, launched(3)),
                message("Campaign", CAMPAIGN, claimed(COUPON, ALICE, 2)),
                message("Coupon", COUPON, issued(COUPON, ALICE, NOON)),
                message("Campaign", CAMPAIGN, claimed(OTHER_COUPON, BOB, 1)),
                message("Coupon", OTHER_COUPON, issued(OTHER_COUPON, BOB, NOON)),
                message("Coupon", COUPON, new CouponUsed(COUPON, PAYMENT, ORDER, ALICE, won(2_000), NOON)),
                message("Coupon", COUPON, new CouponRestored(COUPON, PAYMENT, ORDER, ALICE, NOON)),
                message("Coupon", OTHER_COUPON, new CouponUseVoided(OTHER_COUPON, PAYMENT, ORDER, NOON)),
                message("Coupon", OTHER_COUPON, new CouponUsed(OTHER_COUPON, OTHER_PAYMENT, ORDER, BOB, won(2_000), NOON)),
                message("Coupon", OTHER_COUPON, new CouponUseRefused(OTHER_COUPON, PAYMENT, ORDER, RefusedBecause.VOIDED, NOON)));

        happen(story);

        assertThat(campaigns.findSoon(CAMPAIGN).block().remaining().value()).isEqualTo(1);
        assertThat(only(ALICE).orderId()).isNull();
        assertThat(only(BOB).orderId()).isEqualTo(ORDER);
        assertThat(only(BOB).status()).isEqualTo(Status.USED);
        List<Document> once = documents();

        happen(story);
        assertThat(documents()).isEqualTo(once);

        happen(story.subList(0, 3));
        assertThat(campaigns.findSoon(CAMPAIGN).block().remaining().value()).as("never turned back").isEqualTo(1);

        happen(List.of(story.get(3), story.get(1)));
        assertThat(campaigns.findSoon(CAMPAIGN).block().remaining().value()).as("nor by what comes the wrong way round in one batch").isEqualTo(1);

        happen(story.subList(5, 6));
        assertThat(only(ALICE).orderId()).as("used by what came late, after it was restored").isNull();

        happen(List.of(message("Campaign", CAMPAIGN, claimedTogether(0, claim(new CouponId("coupon-3"), new CustomerId("carol")),
                claim(new CouponId("coupon-4"), new CustomerId("dave"))))));
        assertThat(campaigns.findSoon(CAMPAIGN).block().remaining().value()).as("by those who came together").isZero();
        once = documents();

        ViewsAnew.build(service, CampaignViews.GROUP);
        assertThat(documents()).isEqualTo(once);
    }

    @Test
    void a_coupon_as_an_older_version_wrote_it_is_shown_too() {
        CustomerId carol = new CustomerId("carol");
        Document coupon = new Document("campaign", CAMPAIGN.value()).append("name", "Autumn")
                .append("discount", new Document("amount", new Document("amount", 2_000L).append("currency", "KRW")))
                .append("issuedAt", Date.from(NOON)).append("expiresAt", Date.from(NOON.plusSeconds(60))).append("usedFor", ORDER.value()).append("version", 1L);
        // whichever edition is current by now
        Flux.just("customer_coupons", "customer_coupons.e1").concatMap(name -> mongo.getDatabase(Databases.databaseName(CouponService.NAME)).getCollection(name)
                .insertOne(new Document("_id", carol.value()).append("coupons", new Document("coupon-7", coupon)))).blockLast();

        OwnedCoupon shown = only(carol);

        assertThat(shown.campaignId()).isEqualTo(CAMPAIGN);
        assertThat(shown.issuedAt()).isEqualTo(NOON);
        assertThat(shown.orderId()).isEqualTo(ORDER);

        CouponId older = new CouponId("coupon-7");
        message("Coupon", older, issued(older, carol, NOON));
        message("Coupon", older, new CouponUsed(older, PAYMENT, ORDER, carol, won(2_000), NOON));
        DomainEventMessage<?> restored = message("Coupon", older, new CouponRestored(older, PAYMENT, ORDER, carol, NOON));
        CouponId next = new CouponId("coupon-8");
        happen(List.of(restored, message("Coupon", next, issued(next, carol, NOON.plusSeconds(60)))));

        // the processor that was waited for may be of the edition before, which another test has built anew
        await().untilAsserted(() -> assertThat(owned(carol)).as("restored, and another one, by this version")
                .extracting(OwnedCoupon::couponId, OwnedCoupon::orderId).containsExactly(tuple(next, null), tuple(older, null)));
    }

    @Test
    void of_customers_whose_ids_begin_alike_each_has_his_own() {
        CustomerId erin = new CustomerId("erin");
        Map<CouponId, CustomerId> owners = Map.of(new CouponId("coupon-11"), erin, new CouponId("coupon-12"), new CustomerId("erin0"),
                new CouponId("coupon-13"), new CustomerId("erin-1"), new CouponId("coupon-14"), new CustomerId("erin.x"));
        owners.forEach((coupon, owner) -> happen(List.of(message("Coupon", coupon, issued(coupon, owner, NOON)))));

        await().untilAsserted(() -> assertThat(owners.values()).allSatisfy(owner -> assertThat(owned(owner)).isNotEmpty()));
        assertThat(only(erin).couponId()).isEqualTo(new CouponId("coupon-11"));
        assertThat(owned(new CustomerId("eri"))).isEmpty();
    }

    private <T> DomainEventMessage<T> message(String type, Object aggregate, T payload) {
        long number = sequence.merge(aggregate, 0L, (before, first) -> before + 1);
        return new GenericDomainEventMessage<>(type, aggregate.toString(), number, payload, MetaData.emptyInstance(),
                "event-" + aggregate + "-" + number, NOON);
    }

    private void happen(List<DomainEventMessage<?>> story) {
        events.publish(story);
        followed();
    }

    /** Waits until the views have handled all that happened. */
    private void followed() {
        long last = events.createHeadToken().position().orElseThrow();
        var views = processing.eventProcessor("coupon-views", StreamingEventProcessor.class).orElseThrow();
        await().untilAsserted(() -> assertThat(views.processingStatus().values()).isNotEmpty()
                .allMatch(segment -> segment.getCurrentPosition().orElse(-1) >= last));
    }

    private List<OwnedCoupon> owned(CustomerId customer) {
        return coupons.page(customer, new PageRequest(20, null)).block().items();
    }

    private OwnedCoupon only(CustomerId customer) {
        List<OwnedCoupon> owned = owned(customer);
        assertThat(owned).hasSize(1);
        return owned.get(0);
    }

    private List<Document> documents() {
        View campaign = databases.of(CouponService.NAME).view(CampaignViews.GROUP, "campaigns");
        View customers = databases.of(CouponService.NAME).view(CampaignViews.GROUP, "customer_coupons");
        return Flux.concat(campaign.find(CAMPAIGN), customers.findUnder(ALICE), customers.findUnder(BOB)).collectList().block();
    }
}
