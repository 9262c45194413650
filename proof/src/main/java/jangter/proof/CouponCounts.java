package jangter.proof;

import static jangter.proof.Invariant.CAMPAIGN_KEEPS_TO_ITS_QUANTITY;
import static jangter.proof.Invariant.CLAIM_AND_COUPON_GO_TOGETHER;
import static jangter.proof.Invariant.COUPON_IS_USED_ONCE_AT_A_TIME;
import static jangter.proof.Invariant.ONE_COUPON_A_CUSTOMER;

import jangter.coupon.api.CouponEvent;
import jangter.coupon.api.CouponEvent.CampaignLaunched;
import jangter.coupon.api.CouponEvent.CouponClaimed;
import jangter.coupon.api.CouponEvent.CouponIssued;
import jangter.coupon.api.CouponEvent.CouponRestored;
import jangter.coupon.api.CouponEvent.CouponUsed;
import jangter.kernel.CampaignId;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which coupons were issued, and what they are spent on. */
final class CouponCounts {

    private final Findings findings;
    private final Map<CampaignId, Campaign> campaigns = new HashMap<>();
    private final Map<CouponId, Coupon> coupons = new HashMap<>();
    /** Claims whose coupon has not come yet. */
    private final Map<CouponId, CouponClaimed> claims = new HashMap<>();

    private static final class Campaign {
        private final int quantity;
        private final Set<CustomerId> customers = new HashSet<>();
        private int issued;

        private Campaign(int quantity) {
            this.quantity = quantity;
        }
    }

    private static final class Coupon {
        private final CustomerId owner;
        private @Nullable PaymentId usedBy;
        private @Nullable OrderId usedFor;

        private Coupon(CustomerId owner) {
            this.owner = owner;
        }
    }

    CouponCounts(Findings findings) {
        this.findings = findings;
    }

    void on(CouponEvent event) {
        if (event instanceof CampaignLaunched launched) {
            campaigns.put(launched.campaignId(), new Campaign(launched.quantity().value()));
        } else if (event instanceof CouponClaimed claimed) {
            on(claimed);
        } else if (event instanceof CouponIssued issued) {
            on(issued);
        } else if (event instanceof CouponUsed used) {
            on(used);
        } else if (event instanceof CouponRestored restored) {
            on(restored);
        }
    }

    void atRest(Findings all) {
        claims.forEach((coupon, claim) -> all.add(CLAIM_AND_COUPON_GO_TOGETHER, coupon,
                claim.customerId() + " claimed it from " + claim.campaignId() + ", but it was never issued."));
    }

    private void on(CouponClaimed claimed) {
        Campaign campaign = campaigns.get(claimed.campaignId());
        if (campaign == null) {
            findings.add(CAMPAIGN_KEEPS_TO_ITS_QUANTITY, claimed.campaignId(), "It issued " + claimed.couponId() + " before it was launched.");
            return;
        }
        campaign.issued++;
        if (campaign.issued > campaign.quantity) {
            findings.add(CAMPAIGN_KEEPS_TO_ITS_QUANTITY, claimed.campaignId(),
                    claimed.couponId() + " is its " + campaign.issued + "th, of " + campaign.quantity + ".");
        } else if (campaign.quantity - campaign.issued != claimed.remaining().value()) {
            findings.add(CAMPAIGN_KEEPS_TO_ITS_QUANTITY, claimed.campaignId(),
                    "It says that " + claimed.remaining() + " are left, of " + campaign.quantity + " less " + campaign.issued + ".");
        }
        if (!campaign.customers.add(claimed.customerId())) {
            findings.add(ONE_COUPON_A_CUSTOMER, claimed.campaignId(),
                    claimed.customerId() + " had one of its coupons and got " + claimed.couponId() + " as well.");
        }
        claims.put(claimed.couponId(), claimed);
    }

    private void on(CouponIssued issued) {
        CouponClaimed claim = claims.remove(issued.couponId());
        if (claim == null || !claim.campaignId().equals(issued.campaignId()) || !claim.customerId().equals(issued.customerId())) {
            findings.add(CLAIM_AND_COUPON_GO_TOGETHER, issued.couponId(),
                    "It was issued to " + issued.customerId() + " by " + issued.campaignId() + " without their claim.");
        }
        if (coupons.put(issued.couponId(), new Coupon(issued.customerId())) != null) {
            findings.add(CLAIM_AND_COUPON_GO_TOGETHER, issued.couponId(), "It was issued a second time.");
        }
    }

    private void on(CouponUsed used) {
        Coupon coupon = coupons.get(used.couponId());
        if (coupon == null) {
            findings.add(COUPON_IS_USED_ONCE_AT_A_TIME, used.couponId(), used.orderId() + " uses it, though it was never issued.");
            return;
        }
        if (!coupon.owner.equals(used.customerId())) {
            findings.add(COUPON_IS_USED_ONCE_AT_A_TIME, used.couponId(), used.customerId() + " uses it, but it is " + coupon.owner + "'s.");
        }
        if (coupon.usedBy != null) {
            findings.add(COUPON_IS_USED_ONCE_AT_A_TIME, used.couponId(),
                    used.orderId() + " uses it (" + used.paymentId() + ") while " + coupon.usedFor + " does (" + coupon.usedBy + ").");
        }
        coupon.usedBy = used.paymentId();
        coupon.usedFor = used.orderId();
    }

    private void on(CouponRestored restored) {
        Coupon coupon = coupons.get(restored.couponId());
        if (coupon == null || !restored.paymentId().equals(coupon.usedBy)) {
            findings.add(COUPON_IS_USED_ONCE_AT_A_TIME, restored.couponId(),
                    restored.orderId() + " gives it back (" + restored.paymentId() + "), but does not use it.");
            return;
        }
        coupon.usedBy = null;
        coupon.usedFor = null;
    }
}
