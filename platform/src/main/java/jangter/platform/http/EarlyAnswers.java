package jangter.platform.http;

import jangter.kernel.Refusal;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.core.ResolvableType;
import org.springframework.core.codec.Encoder;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.EncoderHttpMessageWriter;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Answers a request with a problem before it comes to a handler. In a rush these are nearly all answers, so they are made without looking anew
 * at each how such a body is written.
 */
public final class EarlyAnswers {

    private static final ResolvableType PROBLEM = ResolvableType.forClass(ProblemDetail.class);

    private final Supplier<Encoder<ProblemDetail>> encoder;

    EarlyAnswers(ServerCodecConfigurer codecs) {
        // others may still set them up
        this.encoder = SingletonSupplier.of(() -> encoder(codecs));
    }

    /** That by which a handler's problems are written. */
    @SuppressWarnings("unchecked")
    private static Encoder<ProblemDetail> encoder(ServerCodecConfigurer codecs) {
        return codecs.getWriters().stream().filter(writer -> writer.canWrite(PROBLEM, MediaType.APPLICATION_PROBLEM_JSON))
                .filter(EncoderHttpMessageWriter.class::isInstance).map(writer -> ((EncoderHttpMessageWriter<ProblemDetail>) writer).getEncoder())
                .findFirst().orElseThrow(() -> new IllegalStateException("No codec writes " + MediaType.APPLICATION_PROBLEM_JSON));
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
        return Mono.defer(() -> write(exchange.getResponse(), answer, problem));
    }

    private Mono<Void> write(ServerHttpResponse response, ResponseEntity<ProblemDetail> answer, ProblemDetail problem) {
        DataBuffer body = encoder.get().encodeValue(problem, response.bufferFactory(), PROBLEM, MediaType.APPLICATION_PROBLEM_JSON, Map.of());
        response.setStatusCode(answer.getStatusCode());
        response.getHeaders().putAll(answer.getHeaders());
        response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        response.getHeaders().setContentLength(body.readableByteCount());
        return response.writeWith(Mono.just(body));
    }
}
