package jangter.coupon.api;

import jangter.kernel.Refusal.Kind;
import jangter.kernel.RefusalCode;

/** Why the coupon context refuses. */
public enum CouponRefusal implements RefusalCode {

    /** No such campaign. */
    UNKNOWN_CAMPAIGN(Kind.UNKNOWN),
    /** The campaign's id is taken by another campaign. */
    CAMPAIGN_EXISTS(Kind.CONFLICT),
    /** The campaign does not give out coupons yet, or no longer. */
    CAMPAIGN_NOT_OPEN(Kind.CONFLICT),
    /** All coupons of the campaign are gone. */
    SOLD_OUT(Kind.CONFLICT),
    /** The customer has one of the campaign's coupons. */
    ALREADY_ISSUED(Kind.CONFLICT),
    /** The discount is in another currency than the shop trades in. */
    OTHER_CURRENCY(Kind.UNACCEPTABLE);

    private final Kind kind;

    CouponRefusal(Kind kind) {
        this.kind = kind;
    }

    @Override
    public Kind kind() {
        return kind;
    }
}
