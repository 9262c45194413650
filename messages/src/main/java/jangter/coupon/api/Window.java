package jangter.coupon.api;

import jangter.kernel.Require;
import java.time.Instant;

/** When a campaign gives out coupons: from {@code opensAt} on, until just before {@code closesAt}. */
public record Window(Instant opensAt, Instant closesAt) {

    public Window {
        Require.present("opens at", opensAt);
        Require.that(Require.present("closes at", closesAt).isAfter(opensAt), "closes at", "must be after opens at");
    }

    public boolean contains(Instant instant) {
        return !instant.isBefore(opensAt) && instant.isBefore(closesAt);
    }
}
