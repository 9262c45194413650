package jangter.console;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jangter.console.ServiceStates.ServiceState;
import jangter.kernel.Refusal;
import jangter.kernel.RefusedException;
import jangter.kernel.Require;
import jangter.platform.http.Staff;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The event processors of all services, and what they could not digest. */
@RestController
@RequestMapping("/console/api")
@Tag(name = "Console")
class ConsoleProcessors {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,79}");

    private final Services services;
    private final ServiceStates states;

    ConsoleProcessors(Services services, ServiceStates states) {
        this.services = services;
        this.states = states;
    }

    @GetMapping("/processors")
    @Operation(summary = "Each service's GET /actuator/processors")
    Mono<List<ServiceState>> processors(Staff staff, ServerWebExchange exchange) {
        return states.processors(Forwarded.of(exchange));
    }

    @GetMapping("/deadletters")
    @Operation(summary = "Each service's GET /actuator/deadletters")
    Mono<List<ServiceState>> deadLetters(Staff staff, ServerWebExchange exchange) {
        return states.deadLetters(Forwarded.of(exchange));
    }

    @PostMapping("/services/{service}/processors/{name}")
    @Operation(summary = "As the service's POST /actuator/processors/{name}")
    Mono<ResponseEntity<byte[]>> actOnProcessor(Staff staff, @PathVariable String service, @PathVariable String name, @RequestBody byte[] action,
            ServerWebExchange exchange) {
        return act(service, "processors", name, action, exchange);
    }

    @PostMapping("/services/{service}/deadletters/{name}")
    @Operation(summary = "As the service's POST /actuator/deadletters/{name}")
    Mono<ResponseEntity<byte[]>> actOnDeadLetters(Staff staff, @PathVariable String service, @PathVariable String name, @RequestBody byte[] action,
            ServerWebExchange exchange) {
        return act(service, "deadletters", name, action, exchange);
    }

    private Mono<ResponseEntity<byte[]>> act(String service, String endpoint, String name, byte[] action, ServerWebExchange exchange) {
        if (!services.has(service)) {
            throw new RefusedException(new Refusal("unknown-service", Refusal.Kind.UNKNOWN, "There is no such service here."));
        }
        Require.matches("name", name, NAME);
        return services.post(service, "/actuator/" + endpoint + "/" + name, action, Forwarded.of(exchange));
    }
}
