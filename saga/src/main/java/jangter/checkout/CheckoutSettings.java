package jangter.checkout;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The checkout service's settings, under {@code jangter.checkout}: see {@link Pace}, which they make, and {@link Pace#USUAL}, which they are
 * unless set.
 */
@ConfigurationProperties("jangter.checkout")
record CheckoutSettings(@DefaultValue("PT2S") Duration firstWait, @DefaultValue("PT8S") Duration longestWait,
        @DefaultValue("10") int sendsBeforeUndoing, @DefaultValue("40") int sendsBeforeParking,
        @DefaultValue("PT30M") Duration timeToPayAgain) {

    CheckoutSettings {
        // settings that make no pace are refused as settings, where the start can name them
        new Pace(firstWait, longestWait, sendsBeforeUndoing, sendsBeforeParking, timeToPayAgain);
    }

    Pace pace() {
        return new Pace(firstWait, longestWait, sendsBeforeUndoing, sendsBeforeParking, timeToPayAgain);
    }
}
