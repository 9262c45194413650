package jangter.platform.http;

import jangter.kernel.Refusal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.result.view.ViewResolver;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Answers a request with a problem before it comes to a handler. */
public final class EarlyAnswers {

    private final ServerResponse.Context codecs;

    EarlyAnswers(ServerCodecConfigurer codecs) {
        this.codecs = new ServerResponse.Context() {
            @Override
            public List<HttpMessageWriter<?>> messageWriters() {
                return codecs.getWriters();
            }

            @Override
            public List<ViewResolver> viewResolvers() {
                return List.of();
            }
        };
    }

    /** 401: there is no token. */
    public Mono<Void> notSignedIn(ServerWebExchange exchange) {
        return refuse(exchange, Problems.accessRefused(AccessRefusedException.nobodySignedIn()));
    }

    /** 401: there is a token, and it is not to be believed. */
    public Mono<Void> badToken(ServerWebExchange exchange) {
        return refuse(exchange, Problems.accessRefused(AccessRefusedException.badToken()));
    }

    /** 403: there is a good token, of somebody who may not. */
    public Mono<Void> notStaff(ServerWebExchange exchange) {
        return refuse(exchange, Problems.accessRefused(AccessRefusedException.notStaff()));
    }

    /** 400: the request cannot be read. */
    public Mono<Void> malformed(ServerWebExchange exchange) {
        return refuse(exchange, Problems.malformed());
    }

    /** 503: something that is needed to answer is away, and nothing was done. */
    public Mono<Void> unavailable(ServerWebExchange exchange) {
        return refuse(exchange, Problems.away());
    }

    /** 503: too many want the same, and nothing was done. They may come again after that time. */
    public Mono<Void> overloaded(ServerWebExchange exchange, Duration comeAgain) {
        return refuse(exchange, Problems.overloaded(comeAgain));
    }

    /** As a handler's refusal is answered. */
    public Mono<Void> refused(ServerWebExchange exchange, Refusal refusal) {
        return refuse(exchange, Problems.refused(refusal));
    }

    Mono<Void> refuse(ServerWebExchange exchange, ResponseEntity<ProblemDetail> answer) {
        ProblemDetail problem = Objects.requireNonNull(answer.getBody());
        if (answer.getStatusCode().is5xxServerError()) {
            Problems.trace(problem, exchange);
        }
        problem.setInstance(URI.create(exchange.getRequest().getPath().value()));
        return ServerResponse.status(answer.getStatusCode()).headers(headers -> headers.addAll(answer.getHeaders())).bodyValue(problem)
                .flatMap(response -> response.writeTo(exchange, codecs));
    }
}
