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
 * Answers a request before it comes to a handler. In a rush these are nearly all answers, so they are made without looking anew
 * at each how such a body is written.
 */
public final class EarlyAnswers {

    private final ServerCodecConfigurer codecs;
    private final Kind<ProblemDetail> problem;

    EarlyAnswers(ServerCodecConfigurer codecs) {
        this.codecs = codecs;
        this.problem = new Kind<>(ProblemDetail.class, MediaType.APPLICATION_PROBLEM_JSON);
    }

    /** A kind of body, and what writes a handler's bodies of that kind. */
    final class Kind<T> {

        private final ResolvableType type;
        private final MediaType media;
        private final Supplier<Encoder<T>> encoder;

        private Kind(Class<T> type, MediaType media) {
            this.type = ResolvableType.forClass(type);
            this.media = media;
            // others may still set them up
            this.encoder = SingletonSupplier.of(this::find);
        }

        @SuppressWarnings("unchecked")
        private Encoder<T> find() {
            return codecs.getWriters().stream().filter(writer -> writer.canWrite(type, media))
                    .filter(EncoderHttpMessageWriter.class::isInstance).map(writer -> ((EncoderHttpMessageWriter<T>) writer).getEncoder())
                    .findFirst().orElseThrow(() -> new IllegalStateException("No codec writes " + type + " as " + media));
        }

        private Mono<Void> write(ServerHttpResponse response, T value) {
            DataBuffer body = encoder.get().encodeValue(value, response.bufferFactory(), type, media, Map.of());
            response.getHeaders().setContentType(media);
            response.getHeaders().setContentLength(body.readableByteCount());
            return response.writeWith(Mono.just(body));
        }
    }

    /** Bodies of that type, as JSON. */
    <T> Kind<T> json(Class<T> type) {
        return new Kind<>(type, MediaType.APPLICATION_JSON);
    }

    /** As a handler's answer, which has a body. */
    <T> Mono<Void> answer(ServerWebExchange exchange, ResponseEntity<T> answer, Kind<T> kind) {
        return Mono.defer(() -> {
            ServerHttpResponse response = exchange.getResponse();
            response.setStatusCode(answer.getStatusCode());
            response.getHeaders().putAll(answer.getHeaders());
            return kind.write(response, Objects.requireNonNull(answer.getBody()));
        });
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

    /** 429: this customer comes too often, and nothing was done. They may come again after that time. */
    Mono<Void> tooOften(ServerWebExchange exchange, Duration comeAgain) {
        return refuse(exchange, Problems.tooOften(comeAgain));
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

    /** As a handler's failure is answered. */
    Mono<Void> failed(ServerWebExchange exchange, Throwable failure) {
        return refuse(exchange, Problems.of(failure, exchange));
    }

    Mono<Void> refuse(ServerWebExchange exchange, ResponseEntity<ProblemDetail> answer) {
        ProblemDetail detail = Objects.requireNonNull(answer.getBody());
        if (answer.getStatusCode().is5xxServerError()) {
            Problems.trace(detail, exchange);
        }
        detail.setInstance(URI.create(exchange.getRequest().getPath().value()));
        return answer(exchange, answer, problem);
    }
}
