package jangter.console;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the console finds the others, under {@code jangter.console}.
 *
 * @param services each service's address by its name (order, payment, inventory, coupon, saga); none if all of them answer at the
 *     console's own address
 * @param patience how long a service may take to answer
 * @param tryIt whether there is somebody behind {@code /console/api/try}, who plays scenarios
 * @param trialTokens whether there is somebody behind {@code /dev/tokens}, who gives tokens for trying out
 */
@ConfigurationProperties("jangter.console")
record ConsoleSettings(@DefaultValue Map<String, URI> services, @DefaultValue("PT10S") Duration patience, boolean tryIt, boolean trialTokens) {

    ConsoleSettings {
        services = Map.copyOf(services);
    }
}
