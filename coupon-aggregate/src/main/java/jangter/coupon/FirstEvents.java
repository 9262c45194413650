package jangter.coupon;

import jangter.coupon.api.CouponEvent.CouponIssued;
import org.axonframework.messaging.MetaData;

/** Where a campaign brings coupons into being: by the first event of each, in the campaign's own unit of work. */
interface FirstEvents {

    void begin(CouponIssued issued, MetaData onBehalf);
}
