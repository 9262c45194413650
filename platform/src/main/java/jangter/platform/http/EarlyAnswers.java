package jangter.platform.http;

import java.net.URI;
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
final class EarlyAnswers {

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
