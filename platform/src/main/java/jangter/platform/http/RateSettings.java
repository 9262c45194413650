package jangter.platform.http;

import jangter.kernel.Require;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How often one customer may come through a {@link Limited} door of one instance, under {@code jangter.http.rate}.
 *
 * @param aSecond so often for long
 * @param burst so often at once, after a pause
 * @param customers how many customers are remembered at each door; past that, who came longest ago begins anew
 */
record RateSettings(@DefaultValue("10") int aSecond, @DefaultValue("20") int burst, @DefaultValue("100000") int customers) {

    RateSettings {
        Require.between("jangter.http.rate.a-second", aSecond, 1, 1_000_000);
        Require.between("jangter.http.rate.burst", burst, 1, 1_000_000);
        Require.between("jangter.http.rate.customers", customers, 1, 10_000_000);
    }
}
