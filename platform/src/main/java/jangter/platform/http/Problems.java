package jangter.platform.http;

import com.mongodb.MongoException;
import jangter.kernel.InvalidValueException;
import jangter.kernel.Refusal;
import jangter.kernel.RefusedException;
import jangter.kernel.UnavailableException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.axonframework.axonserver.connector.AxonServerException;
import org.axonframework.queryhandling.NoHandlerForQueryException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.codec.DecodingException;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebInputException;

/** Every error as an RFC 9457 problem with a stable {@code code}, and no internals. */
@RestControllerAdvice
class Problems {

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final long RETRY_AFTER_SECONDS = 1;

    /** As these handlers would say it, of what an edge's own code throws. */
    static ResponseEntity<ProblemDetail> of(Throwable failure, ServerWebExchange exchange) {
        if (failure instanceof RefusedException refused) {
            return refused(refused.refusal());
        }
        if (failure instanceof InvalidValueException invalid) {
            return invalid(invalid);
        }
        if (failure instanceof AccessRefusedException refused) {
            return accessRefused(refused);
        }
        if (failure instanceof UnavailableException || failure instanceof TimeoutException || failure instanceof MongoException
                || failure instanceof AxonServerException || failure instanceof NoHandlerForQueryException) {
            return unavailable((Exception) failure, exchange);
        }
        return failure instanceof OverloadedException ? overloaded(exchange) : other(failure, exchange);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> refused(RefusedException refused) {
        return refused(refused.refusal());
    }

    static ResponseEntity<ProblemDetail> refused(Refusal refusal) {
        HttpStatus status = switch (refusal.kind()) {
            case UNKNOWN -> HttpStatus.NOT_FOUND;
            case CONFLICT -> HttpStatus.CONFLICT;
            case UNACCEPTABLE -> HttpStatus.UNPROCESSABLE_CONTENT;
        };
        return problem(status, refusal.code(), refusal.message());
    }

    @ExceptionHandler
    static ResponseEntity<ProblemDetail> accessRefused(AccessRefusedException refused) {
        ResponseEntity<ProblemDetail> problem = problem(refused.status(), refused.code(), refused.getMessage());
        return ResponseEntity.status(problem.getStatusCode()).headers(problem.getHeaders())
                .header(HttpHeaders.WWW_AUTHENTICATE, refused.challenge()).body(problem.getBody());
    }

    @ExceptionHandler
    static ResponseEntity<ProblemDetail> invalid(InvalidValueException invalid) {
        return problem(HttpStatus.BAD_REQUEST, "invalid-value", "The " + invalid.getMessage() + ".");
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> unreadable(ServerWebInputException unreadable) {
        InvalidValueException invalid = cause(unreadable, InvalidValueException.class);
        if (invalid != null) {
            return invalid(invalid);
        }
        if (cause(unreadable, DataBufferLimitException.class) != null) {
            return tooLarge();
        }
        return malformed();
    }

    /** Characters that no header or parameter may have, which show when it is looked at. */
    @ExceptionHandler(ServerExchangeRejectedException.class)
    static ResponseEntity<ProblemDetail> malformed() {
        return problem(HttpStatus.BAD_REQUEST, "malformed", "The request cannot be read: a field or parameter is missing, unknown, "
                + "twice there or of the wrong type, or the body is not JSON.");
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> undecodable(DecodingException undecodable) {
        return unreadable(new ServerWebInputException("body", null, undecodable));
    }

    @ExceptionHandler(DataBufferLimitException.class)
    ResponseEntity<ProblemDetail> tooLarge() {
        return contentTooLarge();
    }

    static ResponseEntity<ProblemDetail> contentTooLarge() {
        return problem(HttpStatus.CONTENT_TOO_LARGE, "content-too-large", "The request's body is larger than anything that this takes.");
    }

    @ExceptionHandler({UnavailableException.class, TimeoutException.class, MongoException.class, AxonServerException.class,
        NoHandlerForQueryException.class})
    static ResponseEntity<ProblemDetail> unavailable(Exception unavailable, ServerWebExchange exchange) {
        LOG.warn("Answered 503 (trace {}): {}", Trace.of(exchange), unavailable.toString());
        return traced(exchange, comeAgain("unavailable",
                "This cannot be answered right now, and may or may not have been done. Send it again under the same " + Arguments.KEY + "."));
    }

    /** A server behind is away, and nothing was begun. */
    static ResponseEntity<ProblemDetail> away() {
        return comeAgain("unavailable", "This cannot be answered right now, and nothing was done. Send it again in a moment.");
    }

    /** There are too many requests, and nothing was begun. */
    @ExceptionHandler(OverloadedException.class)
    static ResponseEntity<ProblemDetail> overloaded(ServerWebExchange exchange) {
        return traced(exchange, overloaded());
    }

    static ResponseEntity<ProblemDetail> overloaded() {
        return overloaded(Duration.ofSeconds(RETRY_AFTER_SECONDS));
    }

    static ResponseEntity<ProblemDetail> overloaded(Duration comeAgain) {
        return comeAgain(problem(HttpStatus.SERVICE_UNAVAILABLE, "overloaded",
                "There are more requests than can be answered right now, and nothing was done. Send it again in a moment."), comeAgain.toSeconds());
    }

    /** This customer comes too often, and nothing was begun. */
    static ResponseEntity<ProblemDetail> tooOften(Duration wait) {
        return comeAgain(problem(HttpStatus.TOO_MANY_REQUESTS, "too-often", "You ask for this too often, and nothing was done. Come again later."),
                wait.plusSeconds(1).minusNanos(1).toSeconds());
    }

    private static ResponseEntity<ProblemDetail> comeAgain(String code, String detail) {
        return comeAgain(problem(HttpStatus.SERVICE_UNAVAILABLE, code, detail), RETRY_AFTER_SECONDS);
    }

    private static ResponseEntity<ProblemDetail> comeAgain(ResponseEntity<ProblemDetail> problem, long seconds) {
        return ResponseEntity.status(problem.getStatusCode()).headers(problem.getHeaders())
                .header(HttpHeaders.RETRY_AFTER, String.valueOf(seconds)).body(problem.getBody());
    }

    @ExceptionHandler
    static ResponseEntity<ProblemDetail> other(Throwable failure, ServerWebExchange exchange) {
        if (failure instanceof ErrorResponse standard && standard.getStatusCode().is4xxClientError()) {
            ResponseEntity<ProblemDetail> problem = problem(standard.getStatusCode(), code(standard.getStatusCode()), reason(failure));
            return ResponseEntity.status(problem.getStatusCode()).headers(standard.getHeaders()).headers(problem.getHeaders())
                    .body(problem.getBody());
        }
        LOG.error("{} {} failed (trace {})", exchange.getRequest().getMethod(), exchange.getRequest().getPath(), Trace.of(exchange), failure);
        return traced(exchange, problem(HttpStatus.INTERNAL_SERVER_ERROR, "bug", "This is our mistake, and it is in our log."));
    }

    /** What an operators' endpoint says in its own words; other reasons tell of the framework's insides. */
    private static @Nullable String reason(Throwable failure) {
        return failure.getClass() == ResponseStatusException.class ? ((ResponseStatusException) failure).getReason() : null;
    }

    private static ResponseEntity<ProblemDetail> traced(ServerWebExchange exchange, ResponseEntity<ProblemDetail> answer) {
        trace(Objects.requireNonNull(answer.getBody()), exchange);
        return answer;
    }

    /** What the caller can name to us, to be found in our log. */
    static void trace(ProblemDetail problem, ServerWebExchange exchange) {
        problem.setProperty("traceId", Trace.of(exchange));
    }

    private static String code(HttpStatusCode status) {
        HttpStatus known = HttpStatus.resolve(status.value());
        return known == null ? "refused" : known.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static ResponseEntity<ProblemDetail> problem(HttpStatusCode status, String code, @Nullable String detail) {
        ProblemDetail problem = ProblemDetail.forStatus(status);
        problem.setDetail(detail);
        problem.setProperty("code", code);
        // said outright: who accepts an event stream alone would be sent the problem as an event
        return ResponseEntity.status(status).contentType(MediaType.APPLICATION_PROBLEM_JSON).body(problem);
    }

    private static <T extends Throwable> @Nullable T cause(@Nullable Throwable failure, Class<T> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}
