package jangter.coupon;

import jangter.coupon.api.Discount;
import jangter.coupon.api.Window;
import jangter.kernel.CampaignId;
import jangter.kernel.Name;
import jangter.kernel.Quantity;
import java.time.Duration;

/**
 * A campaign, as anyone sees it.
 *
 * @param remaining how many of its coupons are left, as far as the view has followed
 */
record CampaignDetails(CampaignId campaignId, Name name, Discount discount, Quantity quantity, Quantity remaining, Window window,
        Duration validFor) {
}
