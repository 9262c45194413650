package jangter.platform;

import java.util.Map;
import org.axonframework.axonserver.connector.AxonServerConnectionManager;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import reactor.core.publisher.Mono;

/** Up while the service is connected to Axon Server. Axon's own indicator is written for an older Spring Boot. */
final class AxonServerHealth implements ReactiveHealthIndicator {

    private final AxonServerConnectionManager connections;

    AxonServerHealth(AxonServerConnectionManager connections) {
        this.connections = connections;
    }

    @Override
    public Mono<Health> health() {
        return Mono.fromSupplier(() -> {
            Map<String, Boolean> connected = connections.connections();
            boolean up = !connected.isEmpty() && connected.values().stream().allMatch(Boolean.TRUE::equals);
            return (up ? Health.up() : Health.down()).withDetails(Map.copyOf(connected)).build();
        });
    }
}
