package jangter.order;

import static org.assertj.core.api.Assertions.assertThat;

import jangter.coupon.api.CouponEvent.CouponIssued;
import jangter.coupon.api.CouponEvent.CouponRestored;
import jangter.coupon.api.CouponEvent.CouponUsed;
import jangter.coupon.api.Discount;
import jangter.kernel.CampaignId;
import jangter.kernel.CouponId;
import jangter.kernel.Name;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class OrderCouponsTest extends OrderScene {

    private static final Instant EXPIRES_AT = Instant.parse("2026-06-01T00:00:00Z");
    private static final Instant REQUESTED_AT = Instant.parse("2026-05-04T09:00:00Z");
    private static final PaymentId PAYMENT = new PaymentId("payment-1");
    private static final OrderId ORDER = new OrderId("order-1");

    private final CouponId coupon = new CouponId("coupon-of-" + alice);
    private final Discount percent = new Discount.Percent(15, won(3_000));

    @Test
    void it_knows_whose_a_coupon_is_and_what_it_gives() {
        batch(() -> issued(percent));
        assertThat(entry()).isEqualTo(new OrderCoupons.Entry(coupon, alice, percent, EXPIRES_AT, false));
    }

    @Test
    void a_fixed_discount_is_known_as_well() {
        batch(() -> issued(new Discount.Fixed(won(500))));
        assertThat(entry().discount()).isEqualTo(new Discount.Fixed(won(500)));
    }

    @Test
    void a_coupon_is_used_until_it_is_restored() {
        batch(() -> issued(percent));
        batch(() -> used(1));
        assertThat(entry().used()).isTrue();

        batch(() -> restored(2));
        assertThat(entry().used()).isFalse();
    }

    @Test
    void a_batch_that_comes_again_changes_nothing() {
        Runnable batch = () -> {
            issued(percent);
            used(1);
            restored(2);
            used(3);
        };
        batch(batch);
        OrderCoupons.Entry before = entry();
        assertThat(before.used()).isTrue();

        batch(batch);
        assertThat(entry()).isEqualTo(before);
        batch(() -> restored(2));
        batch(() -> issued(percent));
        assertThat(entry()).isEqualTo(before);
    }

    @Test
    void it_does_not_know_what_was_never_issued() {
        assertThat(coupons.findSoon(new CouponId("coupon-never")).blockOptional()).isEmpty();
    }

    private void issued(Discount discount) {
        coupons.on(new CouponIssued(coupon, new CampaignId("campaign-1"), alice, new Name("Spring"), discount, EXPIRES_AT), 0);
    }

    private void used(long version) {
        coupons.on(new CouponUsed(coupon, PAYMENT, ORDER, alice, won(500), REQUESTED_AT), version);
    }

    private void restored(long version) {
        coupons.on(new CouponRestored(coupon, PAYMENT, ORDER, alice, REQUESTED_AT), version);
    }

    private OrderCoupons.Entry entry() {
        return coupons.findSoon(coupon).block();
    }
}
