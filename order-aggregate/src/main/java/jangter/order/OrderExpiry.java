package jangter.order;

import jangter.order.Orders.Unpaid;
import jangter.order.api.OrderCommand.ExpireOrder;
import jangter.platform.messaging.Commands;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Cancels orders that stay unpaid. Now and then it looks into the view for those whose time is over and asks each to expire; whether
 * that is so the order alone decides. So neither a view that lags nor a second instance that does the same can harm.
 */
@Component
class OrderExpiry implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(OrderExpiry.class);
    private static final int READ_AT_ONCE = 100;
    private static final int SENT_AT_ONCE = 4;

    private final Orders orders;
    private final Commands commands;
    private final Clock clock;
    private final Duration every;
    private volatile @Nullable Disposable running;

    OrderExpiry(Orders orders, Commands commands, Clock clock, OrderSettings settings) {
        this.orders = orders;
        this.commands = commands.inTheNameOf(OrderService.NAME);
        this.clock = clock;
        this.every = settings.expirySweep();
    }

    /** Asks all orders to expire whose time is over now, a page of them at a time. One that cannot be asked is left to the next sweep. */
    Mono<Void> sweep() {
        Instant now = clock.instant();
        return page(now, Unpaid.FIRST)
                .expand(page -> page.size() < READ_AT_ONCE ? Mono.empty() : page(now, page.get(page.size() - 1)))
                .concatMap(page -> Flux.fromIterable(page).flatMap(this::expire, SENT_AT_ONCE), 1)
                .then();
    }

    @Override
    public void start() {
        running = Mono.delay(every)
                .then(Mono.defer(this::sweep).onErrorResume(failure -> {
                    LOG.warn("Orders that stay unpaid could not be looked for: {}", failure.toString());
                    return Mono.empty();
                }))
                .repeat()
                .subscribe();
    }

    @Override
    public void stop() {
        Disposable sweeping = running;
        if (sweeping != null) {
            sweeping.dispose();
            running = null;
        }
    }

    @Override
    public boolean isRunning() {
        return running != null;
    }

    private Mono<List<Unpaid>> page(Instant now, Unpaid after) {
        return orders.unpaidAt(now, after, READ_AT_ONCE).collectList();
    }

    private Mono<Object> expire(Unpaid order) {
        return commands.send(new ExpireOrder(order.orderId())).onErrorResume(failure -> {
            LOG.warn("{} could not be asked to expire: {}", order.id(), failure.toString());
            return Mono.empty();
        });
    }
}
