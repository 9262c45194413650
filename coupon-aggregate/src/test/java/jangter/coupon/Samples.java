package jangter.coupon;

import jangter.coupon.api.CouponCommand.IssueCoupon;
import jangter.coupon.api.CouponCommand.IssueCoupons;
import jangter.coupon.api.CouponCommand.IssueCoupons.Claim;
import jangter.coupon.api.CouponCommand.LaunchCampaign;
import jangter.coupon.api.CouponEvent.CampaignLaunched;
import jangter.coupon.api.CouponEvent.CouponClaimed;
import jangter.coupon.api.CouponEvent.CouponIssued;
import jangter.coupon.api.CouponEvent.CouponsClaimed;
import jangter.coupon.api.CouponEvent.CouponsClaimed.Claimed;
import jangter.coupon.api.Discount;
import jangter.coupon.api.Window;
import jangter.kernel.CampaignId;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.Money;
import jangter.kernel.Name;
import jangter.kernel.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The campaign, the customers and the coupons that the tests of this package tell of. */
final class Samples {

    static final Instant OPENS = Instant.parse("2026-11-01T00:00:00Z");
    static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
    static final Instant CLOSES = Instant.parse("2026-11-02T00:00:00Z");
    static final Window WINDOW = new Window(OPENS, CLOSES);
    static final Duration THIRTY_DAYS = Duration.ofDays(30);

    static final CampaignId CAMPAIGN = new CampaignId("campaign-1");
    static final Name CAMPAIGN_NAME = new Name("First snow");
    static final Discount TEN_PERCENT = new Discount.Percent(10, won(3_000));

    static final CustomerId ALICE = new CustomerId("alice");
    static final CustomerId BOB = new CustomerId("bob");
    static final CouponId COUPON = new CouponId("coupon-1");
    static final CouponId OTHER_COUPON = new CouponId("coupon-2");

    private Samples() {
    }

    static Money won(long amount) {
        return Money.of(amount, "KRW");
    }

    static LaunchCampaign launch(int quantity) {
        return new LaunchCampaign(CAMPAIGN, CAMPAIGN_NAME, TEN_PERCENT, new Quantity(quantity), WINDOW, THIRTY_DAYS);
    }

    static CampaignLaunched launched(int quantity) {
        return new CampaignLaunched(CAMPAIGN, CAMPAIGN_NAME, TEN_PERCENT, new Quantity(quantity), WINDOW, THIRTY_DAYS);
    }

    static IssueCoupon issue(CouponId coupon, CustomerId customer) {
        return new IssueCoupon(CAMPAIGN, coupon, customer);
    }

    static IssueCoupons issueAll(Claim... claims) {
        return new IssueCoupons(CAMPAIGN, List.of(claims));
    }

    static Claim claim(CouponId coupon, CustomerId customer) {
        return new Claim(coupon, customer, Map.of("askedBy", customer.value()));
    }

    static CouponClaimed claimed(CouponId coupon, CustomerId customer, int remaining) {
        return new CouponClaimed(CAMPAIGN, coupon, customer, new Quantity(remaining));
    }

    /** @param remaining after the last of them */
    static CouponsClaimed claimedTogether(int remaining, Claim... claims) {
        return new CouponsClaimed(CAMPAIGN, Stream.of(claims).map(claim -> new Claimed(claim.couponId(), claim.customerId())).toList(),
                new Quantity(remaining));
    }

    static CouponIssued issued(CouponId coupon, CustomerId customer, Instant at) {
        return new CouponIssued(coupon, CAMPAIGN, customer, CAMPAIGN_NAME, TEN_PERCENT, at.plus(THIRTY_DAYS));
    }
}
