package jangter.console;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jangter.console.ServiceStates.ServiceState;
import jangter.kernel.UnavailableException;
import jangter.platform.http.Staff;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** How the shop is doing, again and again, and who is looking. */
@RestController
@RequestMapping("/console")
@Tag(name = "Console")
class LiveOverview {

    private static final Duration EVERY = Duration.ofSeconds(2);

    private final Services services;
    private final ServiceStates states;
    private final ConsoleSettings settings;
    private final Clock clock;

    LiveOverview(Services services, ServiceStates states, ConsoleSettings settings, Clock clock) {
        this.services = services;
        this.states = states;
        this.settings = settings;
        this.clock = clock;
    }

    /** @param checkouts as the checkout service tells it, nothing if it is away */
    record Overview(Instant at, @Nullable JsonNode checkouts, List<ServiceState> processors) {
    }

    @GetMapping("/features")
    @Operation(summary = "What there is here beyond the usual; no secret, so that the page can tell before anybody signs in")
    Map<String, Boolean> features() {
        return Map.of("tryIt", settings.tryIt(), "trialTokens", settings.trialTokens());
    }

    @GetMapping("/api/me")
    @Operation(summary = "Who is signed in")
    Mono<Staff> me(Staff staff) {
        return Mono.just(staff);
    }

    @GetMapping(path = "/api/overview", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(summary = "Checkouts and event processors, every other second")
    Flux<Overview> overview(Staff staff, ServerWebExchange exchange) {
        Forwarded forwarded = Forwarded.of(exchange);
        return Flux.interval(Duration.ZERO, EVERY).onBackpressureDrop().concatMap(tick -> look(forwarded), 1);
    }

    private Mono<Overview> look(Forwarded forwarded) {
        Mono<List<JsonNode>> checkouts = services.getJson(services.checkouts(), "/checkouts/overview", forwarded)
                .onErrorComplete(failure -> failure instanceof UnavailableException || failure instanceof ResponseStatusException)
                .flux().collectList();
        return Mono.zip(checkouts, states.processors(forwarded), (found, processors) ->
                new Overview(clock.instant(), found.isEmpty() ? null : found.get(0), processors));
    }
}
