package jangter.platform.http;

import jangter.kernel.Require;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the edge takes requests, under {@code jangter.http}.
 *
 * @param mostInFlight how many requests are worked on at once; who comes then is told to come again. Streams of events and the
 *     actuator's own do not count
 * @param rate how often one customer may come where that is limited
 */
@ConfigurationProperties("jangter.http")
record HttpSettings(@DefaultValue("1024") int mostInFlight, @DefaultValue RateSettings rate) {

    HttpSettings {
        Require.between("jangter.http.most-in-flight", mostInFlight, 1, 1_000_000);
    }
}
