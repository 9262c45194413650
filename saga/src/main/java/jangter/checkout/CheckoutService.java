package jangter.checkout;

import jangter.platform.batch.EventProperty;
import jangter.platform.messaging.SelectiveSagas;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.axonframework.serialization.SerializationException;
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

    private static final EventProperty ORDER = new EventProperty("orderId");

    /** Most of what the shop tells is nothing to a checkout, as the coupons that are claimed. */
    @Bean("checkoutSaga$$Registrar")
    ConfigurerModule checkoutSaga(SagaStore<Object> sagas) {
        return SelectiveSagas.registrar(CheckoutSaga.class, sagas);
    }

    /** All that happens to one order is seen by one segment, in its order, whichever aggregates told it. */
    @Bean
    ConfigurerModule ordersInOrder() {
        return configurer -> configurer.eventProcessing(processing -> processing.registerSequencingPolicy(CheckoutViews.GROUP,
                configuration -> CheckoutService::order));
    }

    /** As text, since all processes must come to the same hash of it. An event that cannot be read is set aside wherever it is handled. */
    private static String order(EventMessage<?> event) {
        try {
            return ORDER.of(event).orElseThrow();
        } catch (SerializationException unreadable) {
            return event.getIdentifier();
        }
    }

    @Bean
    Pace pace(CheckoutSettings settings) {
        return settings.pace();
    }
}
