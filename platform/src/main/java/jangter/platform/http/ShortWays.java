package jangter.platform.http;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Mono;

/** Takes those who come plainly the {@linkplain ShortWay short ways} that there are. All others go on, as if there were none. */
final class ShortWays implements WebFilter, Ordered {

    private static final Set<String> TAKES_JSON = Set.of(MediaType.ALL_VALUE, MediaType.APPLICATION_JSON_VALUE);

    private final List<Way<?>> ways;
    private final Identity identity;
    private final RateLimit limit;
    private final OnBehalf onBehalf;
    private final EarlyAnswers answers;
    private final Supplier<UUID> nonces;
    private final Clock clock;

    ShortWays(List<ShortWay<?>> ways, Identity identity, RateLimit limit, OnBehalf onBehalf, EarlyAnswers answers, Supplier<UUID> nonces, Clock clock) {
        this.ways = ways.stream().<Way<?>>map(way -> new Way<>(way, answers)).toList();
        this.identity = identity;
        this.limit = limit;
        this.onBehalf = onBehalf;
        this.answers = answers;
        this.nonces = nonces;
        this.clock = clock;
    }

    /** After those filters that shed, before those that authenticate. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE + 3;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        for (Way<?> way : ways) {
            Map<String, String> variables = way.variables(request);
            if (variables != null) {
                return isPlain(request) ? go(way, variables, exchange, chain) : chain.filter(exchange);
            }
        }
        return chain.filter(exchange);
    }

    /** What asks for no more than an answer, by a path that hides nothing. */
    private static boolean isPlain(ServerHttpRequest request) {
        String accept = request.getHeaders().getFirst(HttpHeaders.ACCEPT);
        return (accept == null || TAKES_JSON.contains(accept)) && !Attempt.isKeyed(request) && request.getHeaders().getFirst(HttpHeaders.ORIGIN) == null
                && isPlain(request.getPath().value());
    }

    private static boolean isPlain(String path) {
        return path.chars().allMatch(letter -> letter >= 'a' && letter <= 'z' || letter >= 'A' && letter <= 'Z' || letter >= '0' && letter <= '9'
                || letter == '-' || letter == '/');
    }

    private Mono<Void> go(Way<?> way, Map<String, String> variables, ServerWebExchange exchange, WebFilterChain chain) {
        return identity.plainCallerOf(exchange.getRequest())
                .flatMap(caller -> answer(way, variables, caller, exchange).thenReturn(caller))
                .switchIfEmpty(Mono.defer(() -> chain.filter(exchange).then(Mono.empty())))
                .then();
    }

    private Mono<Void> answer(Way<?> way, Map<String, String> variables, Caller caller, ServerWebExchange exchange) {
        SafeHeaders.write(exchange);
        ServerRequestObservationContext.findCurrent(exchange.getAttributes()).ifPresent(observed -> observed.setPathPattern(way.of.path()));
        Duration wait = limit.wait(exchange.getRequest(), caller);
        if (!wait.isZero()) {
            return answers.tooOften(exchange, wait);
        }
        return way.answer(variables, caller, Attempt.without(caller, exchange.getRequest(), nonces.get(), clock.instant()), exchange)
                .contextWrite(onBehalf.of(caller, exchange));
    }

    /** One of them, and what is found out once for all who go it. */
    private static final class Way<T> {

        private final ShortWay<T> of;
        private final EarlyAnswers answers;
        private final PathPattern path;
        private final EarlyAnswers.Kind<T> good;

        Way(ShortWay<T> of, EarlyAnswers answers) {
            this.of = of;
            this.answers = answers;
            this.path = PathPatternParser.defaultInstance.parse(of.path());
            this.good = answers.json(of.type());
        }

        @Nullable Map<String, String> variables(ServerHttpRequest request) {
            PathPattern.PathMatchInfo match = of.method().equals(request.getMethod()) ? path.matchAndExtract(request.getPath().pathWithinApplication()) : null;
            return match == null ? null : match.getUriVariables();
        }

        Mono<Void> answer(Map<String, String> variables, Caller caller, Attempt attempt, ServerWebExchange exchange) {
            return Mono.defer(() -> of.handler().answer(new ShortWay.Sent(variables, exchange.getRequest().getHeaders()), caller, attempt))
                    .map(answer -> answers.answer(exchange, answer, good))
                    .onErrorResume(failure -> Mono.just(answers.failed(exchange, failure)))
                    .flatMap(Function.identity());
        }
    }
}
