package jangter.launcher;

import java.time.Clock;
import java.util.UUID;
import java.util.function.Supplier;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.config.ConfigurerModule;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Somebody who plays scenes on this very system, behind the console's page for trying out. It is there where the launcher brought the
 * message server along, which nobody's real shop does.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("jangter.console.try-it")
@Import(TryItController.class)
class TryIt {

    @Bean
    Outages outages(Clock clock) {
        return new Outages(clock);
    }

    @Bean
    Stage stage(Outages outages, Clock clock, Supplier<UUID> nonces) {
        return new Stage(outages, clock, nonces);
    }

    @Bean
    ConfigurerModule outagesInTheCommandBus(Outages outages) {
        return configurer -> configurer.onInitialize(configuration -> configuration.onStart(
                () -> configuration.getComponent(CommandBus.class).registerHandlerInterceptor(outages)));
    }
}
