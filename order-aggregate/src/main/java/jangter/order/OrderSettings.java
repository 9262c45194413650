package jangter.order;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The order service's settings, under {@code jangter.order}.
 *
 * @param unpaidFor how long an order may stay unpaid before it is cancelled
 * @param expirySweep how often orders whose time is over are looked for
 * @param heartbeat how often a stream that has nothing to say says so, lest something in between takes it for dead
 */
@ConfigurationProperties("jangter.order")
record OrderSettings(@DefaultValue("PT30M") Duration unpaidFor, @DefaultValue("PT15S") Duration expirySweep,
        @DefaultValue("PT15S") Duration heartbeat) {

    OrderSettings {
        mustBePositive("unpaid-for", unpaidFor);
        mustBePositive("expiry-sweep", expirySweep);
        mustBePositive("heartbeat", heartbeat);
    }

    private static void mustBePositive(String setting, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("jangter.order." + setting + " must be longer than no time");
        }
    }
}
