package jangter.platform.messaging;

import jangter.platform.http.Attempt;
import jangter.platform.http.Caller;
import jangter.platform.http.Identity;
import jangter.platform.http.OnBehalf;
import jangter.platform.http.Trace;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** Once it is known who sends a request, gives it to all that is done for the request, through the context. */
final class WhoAsks implements WebFilter, OnBehalf, Ordered {

    /** After those who authenticate, whose filters have negative orders. */
    static final int ORDER = 0;

    private final Identity identity;

    WhoAsks(Identity identity) {
        this.identity = identity;
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return identity.callerOf(exchange)
                .map(caller -> of(caller, exchange))
                .defaultIfEmpty(Context.empty())
                .flatMap(asked -> chain.filter(exchange).contextWrite(asked));
    }

    @Override
    public Context of(Caller caller, ServerWebExchange exchange) {
        return new Asked(caller.id().value(), Trace.of(exchange), Attempt.keptUnder(caller.id(), exchange.getRequest()).orElse(null)).context();
    }
}
