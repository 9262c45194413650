package jangter.platform.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Lets requests in as long as there is room for them and the servers behind are there, and tells the others at once to come again: a
 * request that would wait for long takes the room of those that could be answered. Nothing was done of what is refused here.
 */
final class Gate implements WebFilter, Ordered {

    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final int most;
    private final List<Backing> backings;
    private final String actuator;
    private final EarlyAnswers answers;
    private final MeterRegistry meters;
    private final AtomicInteger inFlight = new AtomicInteger();

    /** @param actuator under which path the actuator's own requests come, which are always let in */
    Gate(int most, List<Backing> backings, String actuator, EarlyAnswers answers, MeterRegistry meters) {
        this.most = most;
        this.backings = backings;
        this.actuator = actuator;
        this.answers = answers;
        this.meters = meters;
        Gauge.builder("jangter.http.in.flight", inFlight, AtomicInteger::get).description("Requests that are being worked on").register(meters);
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE + 1;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (isForActuator(exchange.getRequest())) {
            return chain.filter(exchange);
        }
        return Mono.defer(() -> {
            Optional<Backing> away = backings.stream().filter(backing -> backing.isNeeded(onlyReads(exchange.getRequest())) && backing.isAway()).findFirst();
            if (away.isPresent()) {
                return refuse(exchange, away.get().name(), Problems.away());
            }
            if (inFlight.incrementAndGet() > most) {
                inFlight.decrementAndGet();
                return refuse(exchange, "overload", Problems.overloaded());
            }
            return letIn(exchange, chain);
        });
    }

    /** A stream of events leaves its place when it begins: it stays for long, and costs little. */
    private Mono<Void> letIn(ServerWebExchange exchange, WebFilterChain chain) {
        AtomicBoolean left = new AtomicBoolean();
        Runnable leave = () -> {
            if (left.compareAndSet(false, true)) {
                inFlight.decrementAndGet();
            }
        };
        exchange.getResponse().beforeCommit(() -> {
            if (MediaType.TEXT_EVENT_STREAM.isCompatibleWith(exchange.getResponse().getHeaders().getContentType())) {
                leave.run();
            }
            return Mono.empty();
        });
        return chain.filter(exchange).doFinally(end -> leave.run());
    }

    private Mono<Void> refuse(ServerWebExchange exchange, String reason, ResponseEntity<ProblemDetail> answer) {
        meters.counter("jangter.http.shed", "reason", reason).increment();
        return answers.refuse(exchange, answer);
    }

    /** Who follows something waits for what is told over the wire. */
    private static boolean onlyReads(ServerHttpRequest request) {
        return READING.contains(request.getMethod()) && !String.valueOf(request.getHeaders().getFirst("Accept")).contains(MediaType.TEXT_EVENT_STREAM_VALUE);
    }

    private boolean isForActuator(ServerHttpRequest request) {
        String path = request.getPath().pathWithinApplication().value();
        return path.equals(actuator) || path.startsWith(actuator + "/");
    }
}
