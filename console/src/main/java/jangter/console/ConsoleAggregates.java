package jangter.console;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jangter.kernel.Refusal;
import jangter.kernel.RefusedException;
import jangter.kernel.Require;
import jangter.kernel.UnavailableException;
import jangter.platform.http.Staff;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.UriUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The aggregates' time machine. Whose an aggregate is only its service knows, so all are asked. */
@RestController
@RequestMapping("/console/api/aggregates")
@Tag(name = "Console")
class ConsoleAggregates {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._|:-]{0,99}");

    private final Services services;

    ConsoleAggregates(Services services) {
        this.services = services;
    }

    @GetMapping("/{id}")
    @Operation(summary = "An aggregate's state after its event number at (from 0), and what that event changed")
    Mono<ResponseEntity<byte[]>> show(Staff staff, @PathVariable String id, @RequestParam(required = false) @Nullable Long at, ServerWebExchange exchange) {
        Require.matches("id", id, ID);
        String path = "/actuator/aggregates/" + UriUtils.encodePathSegment(id, StandardCharsets.UTF_8) + (at == null ? "" : "?at=" + at);
        return Flux.fromIterable(services.names())
                .flatMap(service -> services.get(service, path, Forwarded.of(exchange))
                        .onErrorResume(UnavailableException.class, away -> Mono.just(ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE).build())))
                .collectList().map(ConsoleAggregates::best);
    }

    private static ResponseEntity<byte[]> best(List<ResponseEntity<byte[]>> answers) {
        return answers.stream().filter(answer -> answer.getStatusCode().is2xxSuccessful()).findFirst()
                .or(() -> answers.stream().filter(answer -> !answer.getStatusCode().isSameCodeAs(HttpStatus.NOT_FOUND)).findFirst())
                .orElseThrow(() -> new RefusedException(new Refusal("unknown-aggregate", Refusal.Kind.UNKNOWN,
                        "There is no such aggregate, or no such event of it.")));
    }
}
