package jangter.launcher;

import java.time.Clock;
import java.time.Duration;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.tokenstore.AbstractTokenEntry;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.Environment;

/**
 * Only under the profile {@value #PROFILE}, as a chaos run starts a process: a clock that is off by {@code jangter.chaos.clock-offset}, for
 * our own classes, for events, timers and claims.
 */
@Configuration(proxyBeanMethods = false)
@Profile(WrongClock.PROFILE)
class WrongClock {

    static final String PROFILE = "chaos";

    @Bean
    Clock clock(Environment environment) {
        return offBy(environment);
    }

    /** The framework's clocks are set before anything asks them. */
    @Bean
    static BeanFactoryPostProcessor frameworkClock(Environment environment) {
        return beans -> {
            GenericEventMessage.clock = offBy(environment);
            AbstractTokenEntry.clock = offBy(environment);
        };
    }

    private static Clock offBy(Environment environment) {
        return Clock.offset(Clock.systemUTC(), environment.getProperty("jangter.chaos.clock-offset", Duration.class, Duration.ZERO));
    }
}
