package jangter.console;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jangter.kernel.OrderId;
import jangter.platform.http.Staff;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The checkouts, as the checkout service tells of them, and what was told in the store about one. */
@RestController
@RequestMapping("/console/api/checkouts")
@Tag(name = "Console")
class ConsoleCheckouts {

    private static final String PATH = "/checkouts";

    private final Services services;
    private final CheckoutHistory history;

    ConsoleCheckouts(Services services, CheckoutHistory history) {
        this.services = services;
        this.history = history;
    }

    @GetMapping
    @Operation(summary = "As GET /checkouts")
    Mono<ResponseEntity<byte[]>> page(Staff staff, ServerWebExchange exchange) {
        String query = exchange.getRequest().getURI().getRawQuery();
        return services.get(services.checkouts(), PATH + (query == null ? "" : "?" + query), Forwarded.of(exchange));
    }

    @GetMapping("/{order}")
    @Operation(summary = "As GET /checkouts/{order}")
    Mono<ResponseEntity<byte[]>> show(Staff staff, @PathVariable OrderId order, ServerWebExchange exchange) {
        return services.get(services.checkouts(), PATH + "/" + order, Forwarded.of(exchange));
    }

    @GetMapping("/{order}/events")
    @Operation(summary = "All that the store tells of an order and its payments, oldest first")
    Mono<CheckoutHistory.Found> events(Staff staff, @PathVariable OrderId order, ServerWebExchange exchange) {
        return services.getJson(services.checkouts(), PATH + "/" + order, Forwarded.of(exchange))
                .publishOn(Schedulers.boundedElastic()).map(checkout -> history.of(order, checkout));
    }

    @PostMapping("/{order}/retry")
    @Operation(summary = "As POST /checkouts/{order}/retry")
    Mono<ResponseEntity<byte[]>> retry(Staff staff, @PathVariable OrderId order, @RequestBody byte[] reason, ServerWebExchange exchange) {
        return intervene(order, "retry", reason, exchange);
    }

    @PostMapping("/{order}/compensation")
    @Operation(summary = "As POST /checkouts/{order}/compensation")
    Mono<ResponseEntity<byte[]>> compensate(Staff staff, @PathVariable OrderId order, @RequestBody byte[] reason, ServerWebExchange exchange) {
        return intervene(order, "compensation", reason, exchange);
    }

    @PostMapping("/{order}/parking")
    @Operation(summary = "As POST /checkouts/{order}/parking")
    Mono<ResponseEntity<byte[]>> park(Staff staff, @PathVariable OrderId order, @RequestBody byte[] reason, ServerWebExchange exchange) {
        return intervene(order, "parking", reason, exchange);
    }

    private Mono<ResponseEntity<byte[]>> intervene(OrderId order, String what, byte[] reason, ServerWebExchange exchange) {
        return services.post(services.checkouts(), PATH + "/" + order + "/" + what, reason, Forwarded.of(exchange));
    }
}
