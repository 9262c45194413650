package jangter.coupon.api;

import jangter.kernel.Require;
import java.time.Instant;

/** When a campaign gives out coupons: from {@code opensAt} on, until just before {@code closesAt}. */
public record Window(Instant opensAt, Instant closesAt) {

    private static final Instant FIRST = Instant.EPOCH;
    /** Not every store and every reader of ours can tell of later times. */
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    public Window {
        Require.that(!Require.present("opens at", opensAt).isBefore(FIRST), "opens at", "must not be before " + FIRST);
        Require.that(Require.present("closes at", closesAt).isAfter(opensAt), "closes at", "must be after opens at");
        Require.that(!closesAt.isAfter(LAST), "closes at", "must not be after " + LAST);
    }

    public boolean contains(Instant instant) {
        return !instant.isBefore(opensAt) && instant.isBefore(closesAt);
    }
}
