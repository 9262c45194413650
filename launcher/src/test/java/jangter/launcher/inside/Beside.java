package jangter.launcher.inside;

import jangter.axonserver.DevelopmentAxonServer;
import jangter.platform.messaging.Serializers;
import java.util.function.Consumer;
import org.axonframework.axonserver.connector.AxonServerConfiguration;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.DefaultConfigurer;

/** An application with Axon's own connector, which knows a server by its port. */
final class Beside implements AutoCloseable {

    private final Configuration axon;

    private Beside(Configuration axon) {
        this.axon = axon;
    }

    static Beside at(DevelopmentAxonServer server, String client) {
        return at(server, client, parts -> { });
    }

    static Beside at(DevelopmentAxonServer server, String client, Consumer<Configurer> parts) {
        Configurer configurer = DefaultConfigurer.defaultConfiguration()
                .registerComponent(AxonServerConfiguration.class, configuration -> AxonServerConfiguration.builder()
                        .servers(server.address()).componentName(client).clientId(client).build())
                .configureSerializer(configuration -> Serializers.json())
                .configureEventSerializer(configuration -> Serializers.json())
                .configureMessageSerializer(configuration -> Serializers.json());
        parts.accept(configurer);
        return new Beside(configurer.start());
    }

    Configuration axon() {
        return axon;
    }

    @Override
    public void close() {
        axon.shutdown();
    }
}
