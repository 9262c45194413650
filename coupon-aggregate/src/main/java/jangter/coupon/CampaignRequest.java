package jangter.coupon;

import jangter.coupon.api.CouponCommand.LaunchCampaign;
import jangter.coupon.api.Discount;
import jangter.coupon.api.Window;
import jangter.kernel.CampaignId;
import jangter.kernel.Name;
import jangter.kernel.Quantity;
import java.time.Duration;

/** A campaign to launch. What is missing or out of bounds is refused by the command it becomes. */
record CampaignRequest(Name name, Discount discount, Quantity quantity, Window window, Duration validFor) {

    LaunchCampaign launch(CampaignId id) {
        return new LaunchCampaign(id, name, discount, quantity, window, validFor);
    }
}
