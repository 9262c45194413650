package jangter.order;

import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.UnavailableException;
import jangter.order.api.OrderQuery.FindStanding;
import jangter.order.api.OrderQuery.Standing;
import jangter.order.api.OrderStatus;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.axonframework.queryhandling.QueryGateway;
import org.axonframework.queryhandling.SubscriptionQueryResult;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Follows orders by subscription queries, which any instance of the service feeds. */
@Component
class OrderFollowing {

    /** How long an instance may take to tell how an order stands now. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Longer than a checkout takes. */
    private static final Duration MOMENT = Duration.ofMillis(500);

    private final QueryGateway queries;
    private final Sinks.Empty<Void> closing = Sinks.empty();

    OrderFollowing(QueryGateway queries) {
        this.queries = queries;
    }

    /**
     * How an order stands now and at each change, until it stands so for good or the service closes. Changes are waited for without a
     * limit; that nobody tells how it stands now is {@link UnavailableException}.
     */
    Flux<Standing> follow(OrderId order) {
        return Flux.using(() -> subscribe(order), result -> now(order, result).concatWith(result.updates()),
                        SubscriptionQueryResult::close)
                // the first answer may be newer than updates that were told while it was looked up
                .scan((last, next) -> next.version() > last.version() ? next : last)
                .distinctUntilChanged(Standing::version)
                .takeUntil(standing -> standing.status().isFinal())
                .takeUntilOther(closing.asMono());
    }

    /**
     * What comes of a payment that is asked for meanwhile: how the order stands once it is no longer being paid under it. The changes are heard from before
     * it is asked for, so how the order stands need only be looked up where nothing is told for a moment: because nothing changes any more, for instance.
     *
     * @param ask asks for the payment, and is given its outcome, or that it cannot be followed; if it fails, so does this
     */
    <T> Mono<T> outcome(OrderId order, PaymentId payment, Function<Mono<Standing>, Mono<T>> ask) {
        return Mono.fromCallable(() -> subscribe(order)).materialize().flatMap(subscribed -> subscribed.hasError()
                ? ask.apply(Mono.error(subscribed.getThrowable()))
                : Mono.using(subscribed::get, result -> ask.apply(outcome(payment, result.updates(), now(order, result).delaySubscription(MOMENT))),
                        SubscriptionQueryResult::close));
    }

    private Mono<Standing> outcome(PaymentId payment, Flux<Standing> told, Mono<Standing> lookedUp) {
        return told.mergeWith(lookedUp).filter(standing -> isOutcome(standing, payment)).takeUntilOther(closing.asMono()).next();
    }

    /** Before the web server waits for its open answers to end: the followers' would not. */
    @EventListener(ContextClosedEvent.class)
    void close() {
        closing.tryEmitEmpty();
    }

    private SubscriptionQueryResult<Standing, Standing> subscribe(OrderId order) {
        return queries.subscriptionQuery(new FindStanding(order), Standing.class, Standing.class);
    }

    private static Mono<Standing> now(OrderId order, SubscriptionQueryResult<Standing, Standing> result) {
        return result.initialResult().timeout(PATIENCE).onErrorMap(TimeoutException.class,
                late -> new UnavailableException("How " + order + " stands was not told in time", late));
    }

    /** A view that has not yet heard of the payment shows the order pending under another or none. */
    private static boolean isOutcome(Standing standing, PaymentId payment) {
        return standing.status().isFinal() || payment.equals(standing.payment()) && standing.status() != OrderStatus.PAYING;
    }
}
