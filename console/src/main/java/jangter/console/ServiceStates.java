package jangter.console;

import jangter.kernel.UnavailableException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** What every service's endpoints tell. A service that does not answer is told of as such, and hides no other's answer. */
@Component
class ServiceStates {

    private final Services services;

    ServiceStates(Services services) {
        this.services = services;
    }

    /**
     * One service's answer.
     *
     * @param service its name
     * @param problem why there is no answer, if there is none
     */
    record ServiceState(String service, @Nullable JsonNode items, @Nullable String problem) {
    }

    Mono<List<ServiceState>> processors(Forwarded forwarded) {
        return ask("/actuator/processors", forwarded);
    }

    Mono<List<ServiceState>> deadLetters(Forwarded forwarded) {
        return ask("/actuator/deadletters", forwarded);
    }

    private Mono<List<ServiceState>> ask(String path, Forwarded forwarded) {
        return Flux.fromIterable(services.names())
                .flatMapSequential(service -> services.getJson(service, path, forwarded).map(items -> new ServiceState(service, items, null))
                        .onErrorResume(UnavailableException.class, away -> Mono.just(new ServiceState(service, null, "unavailable")))
                        .onErrorResume(ResponseStatusException.class,
                                refused -> Mono.just(new ServiceState(service, null, "status-" + refused.getStatusCode().value()))))
                .collectList();
    }
}
