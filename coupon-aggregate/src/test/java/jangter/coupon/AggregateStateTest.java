package jangter.coupon;

import static jangter.coupon.Samples.ALICE;
import static jangter.coupon.Samples.BOB;
import static jangter.coupon.Samples.COUPON;
import static jangter.coupon.Samples.NOON;
import static jangter.coupon.Samples.OTHER_COUPON;
import static jangter.coupon.Samples.claimed;
import static jangter.coupon.Samples.issued;
import static jangter.coupon.Samples.launched;
import static jangter.coupon.Samples.won;
import static org.assertj.core.api.Assertions.assertThat;

import jangter.coupon.api.CouponEvent.CouponUseRefused;
import jangter.coupon.api.CouponEvent.CouponUseVoided;
import jangter.coupon.api.CouponEvent.CouponUsed;
import jangter.coupon.api.CouponEvent.RefusedBecause;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.platform.messaging.Serializers;
import org.axonframework.serialization.Serializer;
import org.junit.jupiter.api.Test;

/** A snapshot is an aggregate's state in JSON. What comes back from it is what went in. */
class AggregateStateTest {

    private static final OrderId ORDER = new OrderId("order-1");

    private final Serializer serializer = Serializers.json();

    @Test
    void a_campaign_comes_back_from_its_snapshot() {
        Campaign campaign = new Campaign();
        campaign.on(launched(100));
        campaign.on(claimed(COUPON, ALICE, 99));
        campaign.on(claimed(OTHER_COUPON, BOB, 98));

        assertThat(throughSnapshot(campaign)).usingRecursiveComparison().isEqualTo(campaign);
    }

    @Test
    void a_coupon_comes_back_from_its_snapshot() {
        Coupon coupon = new Coupon();
        coupon.on(issued(COUPON, ALICE, NOON));
        coupon.on(new CouponUsed(COUPON, new PaymentId("payment-1"), ORDER, ALICE, won(2_000), NOON));
        coupon.on(new CouponUseRefused(COUPON, new PaymentId("payment-2"), ORDER, RefusedBecause.ALREADY_USED, NOON));
        coupon.on(new CouponUseVoided(COUPON, new PaymentId("payment-3"), ORDER, NOON));

        assertThat(throughSnapshot(coupon)).usingRecursiveComparison().isEqualTo(coupon);
    }

    private <T> T throughSnapshot(T aggregate) {
        return serializer.deserialize(serializer.serialize(aggregate, byte[].class));
    }
}
