package jangter.coupon;

import static jangter.coupon.Samples.ALICE;
import static jangter.coupon.Samples.BOB;
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

import jangter.coupon.api.CouponCommand;
import jangter.coupon.api.CouponEvent.CouponUseRefused;
import jangter.coupon.api.CouponEvent.CouponUseVoided;
import jangter.coupon.api.CouponEvent.CouponUsed;
import jangter.coupon.api.CouponEvent.RefusedBecause;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.platform.messaging.Serializers;
import java.util.UUID;
import org.axonframework.serialization.Serializer;
import org.junit.jupiter.api.Test;

/** A snapshot is an aggregate's state in JSON. What comes back from it is what went in. */
class AggregateStateTest {

    private static final OrderId ORDER = new OrderId("order-1");
    /** In bytes: what gRPC takes unless told otherwise. */
    private static final int LARGEST_MESSAGE = 4 << 20;

    private final Serializer serializer = Serializers.json();

    @Test
    void a_campaign_comes_back_from_its_snapshot() {
        Campaign campaign = new Campaign();
        campaign.on(launched(100));
        campaign.on(claimed(COUPON, ALICE, 99));
        campaign.on(claimedTogether(97, claim(OTHER_COUPON, BOB), claim(new CouponId("coupon-3"), new CustomerId("carol"))));

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

    @Test
    void the_snapshot_of_the_largest_campaign_fits_into_one_message() {
        Campaign campaign = new Campaign();
        campaign.on(launched(CouponCommand.MOST_COUPONS));
        for (int i = 0; i < CouponCommand.MOST_COUPONS; i++) {
            CustomerId longest = new CustomerId("%064d".formatted(i));
            campaign.on(claimed(CouponId.of(new UUID(0, i)), longest, CouponCommand.MOST_COUPONS - 1 - i));
        }

        assertThat(serializer.serialize(campaign, byte[].class).getData()).hasSizeLessThan(LARGEST_MESSAGE);
    }

    private <T> T throughSnapshot(T aggregate) {
        return serializer.deserialize(serializer.serialize(aggregate, byte[].class));
    }
}
