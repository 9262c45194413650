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
import jangter.coupon.api.CouponEvent.CouponsClaimed;
import jangter.coupon.api.CouponEvent.CouponsClaimed.Claimed;
import jangter.kernel.CampaignId;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.Quantity;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which coupons were issued, and what they are spent on. */
final class CouponCounts {

    private final Findings findings;
    private final Map<CampaignId, Campaign> campaigns = new HashMap<>();
    private final Map<CouponId, Coupon> coupons = new HashMap<>();
    /** Claims whose coupon has not come yet. */
    private final Map<CouponId, Claim> claims = new HashMap<>();

    private record Claim(CampaignId campaignId, CustomerId customerId) {
    }

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
            onClaims(claimed.campaignId(), List.of(new Claimed(claimed.couponId(), claimed.customerId())), claimed.remaining());
        } else if (event instanceof CouponsClaimed claimed) {
            onClaims(claimed.campaignId(), claimed.claims(), claimed.remaining());
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

    private void onClaims(CampaignId id, List<Claimed> together, Quantity remaining) {
        Campaign campaign = campaigns.get(id);
        if (campaign == null) {
            findings.add(CAMPAIGN_KEEPS_TO_ITS_QUANTITY, id, "It issued " + together.get(0).couponId() + " before it was launched.");
            return;
        }
        for (Claimed claimed : together) {
            campaign.issued++;
            if (campaign.issued > campaign.quantity) {
                findings.add(CAMPAIGN_KEEPS_TO_ITS_QUANTITY, id,
                        claimed.couponId() + " is its " + campaign.issued + "th, of " + campaign.quantity + ".");
            }
            if (!campaign.customers.add(claimed.customerId())) {
                findings.add(ONE_COUPON_A_CUSTOMER, id, claimed.customerId() + " had one of its coupons and got " + claimed.couponId() + " as well.");
            }
            claims.put(claimed.couponId(), new Claim(id, claimed.customerId()));
        }
        if (campaign.issued <= campaign.quantity && campaign.quantity - campaign.issued != remaining.value()) {
            findings.add(CAMPAIGN_KEEPS_TO_ITS_QUANTITY, id,
                    "It says that " + remaining + " are left, of " + campaign.quantity + " less " + campaign.issued + ".");
        }
    }

    private void on(CouponIssued issued) {
        Claim claim = claims.remove(issued.couponId());
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
