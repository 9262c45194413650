package jangter.checkout;

import jangter.checkout.Checkout.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Makes overviews: one when it is asked for, or one a second for all who watch. */
@Component
class Overviews {

    private static final Logger LOG = LoggerFactory.getLogger(Overviews.class);
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** So many open checkouts are counted; more than that would be an outage. */
    private static final int MOST_COUNTED = 10_000;

    private final Activity activity;
    private final Checkouts checkouts;
    private final Clock clock;
    private final Flux<Overview> live;

    Overviews(Activity activity, Checkouts checkouts, Clock clock) {
        this.activity = activity;
        this.checkouts = checkouts;
        this.clock = clock;
        // one that cannot be made is left out, and whoever watches stays
        this.live = Flux.interval(Duration.ZERO, EVERY).onBackpressureDrop().concatMap(tick -> now().onErrorResume(failure -> {
            LOG.warn("There is no overview just now: {}", failure.toString());
            return Mono.empty();
        }), 1).replay(1).refCount(1);
    }

    Mono<Overview> now() {
        return Mono.defer(() -> {
            Instant now = clock.instant();
            return Mono.zip(activity.since(Overview.from(now), now), open()).map(found -> Overview.of(found.getT1(), found.getT2(), now));
        }).timeout(PATIENCE);
    }

    /** One a second, without an end. */
    Flux<Overview> live() {
        return live;
    }

    private Mono<Map<State, Long>> open() {
        return checkouts.open(MOST_COUNTED).collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }
}
