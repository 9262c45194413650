package jangter.platform.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jangter.kernel.CustomerId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.springframework.core.Ordered;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Mono;

/**
 * Lets a customer through a {@link Limited} door only so often, and tells who comes too often when to come again. Each instance counts for
 * itself: the limit keeps one customer from taking everybody's room, it is no price.
 */
final class RateLimit implements WebFilter, Ordered {

    private final Identity identity;
    private final EarlyAnswers answers;
    private final List<Door> doors;

    RateLimit(List<Limited> limited, RateSettings settings, Identity identity, Clock clock, EarlyAnswers answers, MeterRegistry meters) {
        this.identity = identity;
        this.answers = answers;
        this.doors = limited.stream().map(door -> new Door(door, settings, clock, meters)).toList();
    }

    /** Once it is known who comes: those who authenticate have negative orders. */
    @Override
    public int getOrder() {
        return 1;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        Optional<Door> door = door(exchange.getRequest());
        if (door.isEmpty()) {
            return chain.filter(exchange);
        }
        return identity.callerOf(exchange).map(caller -> door.get().wait(caller.id())).defaultIfEmpty(Duration.ZERO)
                .flatMap(wait -> wait.isZero() ? chain.filter(exchange) : answers.tooOften(exchange, wait));
    }

    /** How long that caller, who counts as having come, has to wait before that request may be let in, or no time at all. */
    Duration wait(ServerHttpRequest request, Caller caller) {
        return door(request).map(door -> door.wait(caller.id())).orElse(Duration.ZERO);
    }

    private Optional<Door> door(ServerHttpRequest request) {
        return doors.stream().filter(candidate -> candidate.leadsTo(request)).findFirst();
    }

    /** One door and who came through it of late. */
    private static final class Door {

        private final Limited limited;
        private final PathPattern path;
        /** One for all buckets: a rush has many customers, each of whom would have another. */
        private final Bandwidth limit;
        private final TimeMeter time;
        private final Cache<CustomerId, Bucket> customers;
        private final Counter refused;

        Door(Limited limited, RateSettings settings, Clock clock, MeterRegistry meters) {
            this.limited = limited;
            this.path = PathPatternParser.defaultInstance.parse(limited.path());
            this.limit = Bandwidth.builder().capacity(settings.burst()).refillGreedy(settings.aSecond(), Duration.ofSeconds(1)).build();
            this.time = new ClockTime(clock);
            // whose bucket is full again is as good as new
            Duration full = Duration.ofSeconds(1).multipliedBy(settings.burst()).dividedBy(settings.aSecond());
            this.customers = Caffeine.newBuilder().maximumSize(settings.customers()).expireAfterAccess(full).ticker(time::currentTimeNanos)
                    .executor(Runnable::run).build();
            this.refused = meters.counter("jangter.http.too.often", "door", limited.name());
        }

        boolean leadsTo(ServerHttpRequest request) {
            PathContainer asked = request.getPath().pathWithinApplication();
            return limited.method().equals(request.getMethod()) && path.matches(asked);
        }

        /** How long that customer has to wait, or no time at all. */
        Duration wait(CustomerId customer) {
            ConsumptionProbe asked = customers.get(customer, first -> bucket()).tryConsumeAndReturnRemaining(1);
            if (asked.isConsumed()) {
                return Duration.ZERO;
            }
            refused.increment();
            return Duration.ofNanos(asked.getNanosToWaitForRefill());
        }

        private Bucket bucket() {
            return Bucket.builder().withCustomTimePrecision(time).addLimit(limit).build();
        }
    }

    private record ClockTime(Clock clock) implements TimeMeter {

        @Override
        public long currentTimeNanos() {
            Instant now = clock.instant();
            return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
