package jangter.axonserver;

import org.axonframework.axonserver.connector.AxonServerConfiguration;
import org.axonframework.axonserver.connector.ManagedChannelCustomizer;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;

import java.util.function.Consumer;

/** An application on Axon Framework with the stock connector, as small as one can be. */
final class AxonApplication implements AutoCloseable {

    private final Configuration configuration;

    private AxonApplication(Configuration configuration) {
        this.configuration = configuration;
    }

    static AxonApplication start(String address, ManagedChannelCustomizer channel, String component, String clientId, Consumer<Configurer> parts) {
        Configurer configurer = DefaultConfigurer.defaultConfiguration()
                .registerComponent(AxonServerConfiguration.class, c -> AxonServerConfiguration.builder()
                        .servers(address)
                        .componentName(component)
                        .clientId(clientId)
                        .build())
                .registerComponent(ManagedChannelCustomizer.class, c -> channel)
                .configureSerializer(c -> serializer())
                .configureEventSerializer(c -> serializer())
                .configureMessageSerializer(c -> serializer());
        parts.accept(configurer);
        return new AxonApplication(configurer.start());
    }

    private static Serializer serializer() {
        return Jackson3Serializer.builder().build();
    }

    Configuration axon() {
        return configuration;
    }

    @Override
    public void close() {
        configuration.shutdown();
    }
}
