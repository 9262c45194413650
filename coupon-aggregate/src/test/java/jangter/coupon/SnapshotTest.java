package jangter.coupon;

import static jangter.coupon.Samples.CAMPAIGN_NAME;
import static jangter.coupon.Samples.TEN_PERCENT;
import static jangter.coupon.Samples.THIRTY_DAYS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jangter.coupon.api.CouponCommand.IssueCoupons;
import jangter.coupon.api.CouponCommand.IssueCoupons.Claim;
import jangter.coupon.api.CouponCommand.LaunchCampaign;
import jangter.coupon.api.CouponDecisions;
import jangter.coupon.api.CouponRefusal;
import jangter.coupon.api.Window;
import jangter.kernel.CampaignId;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.Quantity;
import jangter.platform.ServiceTest;
import jangter.platform.messaging.Commands;
import java.time.Instant;
import java.util.Map;
import org.axonframework.common.caching.Cache;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import reactor.core.publisher.Flux;
import reactor.util.function.Tuple2;

/** Production's serializer, cache and snapshots under a campaign that many come to at once. */
@ServiceTest(CouponService.class)
@TestPropertySource(properties = "jangter.messaging.snapshot-every=2")
class SnapshotTest {

    private static final CampaignId POPULAR = new CampaignId("campaign-popular");
    private static final int TOGETHER = 20;
    /** Past the hundred events after which a snapshot is taken of a campaign here, those who came before it and after it. */
    private static final int QUANTITY = 105 * TOGETHER;
    private static final int CUSTOMERS = QUANTITY + 50;
    private static final String ISSUED = "issued";

    @Autowired
    private Commands commands;

    @Autowired
    private Cache aggregates;

    @Autowired
    private EventStorageEngine store;

    @Test
    void a_campaign_read_back_from_its_snapshot_still_knows_whoever_has_a_coupon() {
        commands.send(new LaunchCampaign(POPULAR, CAMPAIGN_NAME, TEN_PERCENT, new Quantity(QUANTITY),
                new Window(Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2100-01-01T00:00:00Z")), THIRTY_DAYS)).block();
        Map<CustomerId, String> first = outcomes("first");
        await().until(() -> store.readSnapshot(POPULAR.value()).isPresent());

        aggregates.removeAll();
        Map<CustomerId, String> second = outcomes("second");

        assertThat(first.values()).filteredOn(ISSUED::equals).hasSize(QUANTITY);
        assertThat(second).allSatisfy((customer, outcome) -> assertThat(outcome).isEqualTo(first.get(customer).equals(ISSUED)
                ? CouponRefusal.ALREADY_ISSUED.code() : CouponRefusal.SOLD_OUT.code()));
    }

    /** All customers come, some at once. */
    private Map<CustomerId, String> outcomes(String time) {
        return Flux.range(0, CUSTOMERS).map(i -> new Claim(new CouponId("coupon-" + time + "-" + i), new CustomerId("customer-" + i), Map.of()))
                .buffer(TOGETHER).concatMap(claims -> commands.<CouponDecisions>send(new IssueCoupons(POPULAR, claims))
                        .flatMapMany(decisions -> Flux.fromIterable(claims).map(Claim::customerId).zipWithIterable(decisions.each())))
                .collectMap(Tuple2::getT1, decided -> decided.getT2().refusal() == null ? ISSUED : decided.getT2().refusal().code()).block();
    }
}
