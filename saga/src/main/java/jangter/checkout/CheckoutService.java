package jangter.checkout;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;

/** The checkout service, as the launcher and the tests take it in. */
@Configuration(proxyBeanMethods = false)
@ComponentScan
@EnableConfigurationProperties(CheckoutSettings.class)
public class CheckoutService {

    /** What the service is called: its database, its processing groups and {@code ./run} know it by this. */
    public static final String NAME = "saga";

    @Bean
    Pace pace(CheckoutSettings settings) {
        return settings.pace();
    }
}
