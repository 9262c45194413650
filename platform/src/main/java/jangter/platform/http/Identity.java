package jangter.platform.http;

import jangter.kernel.CustomerId;
import java.util.Optional;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Tells who sends a request: the one place where that is decided. */
public interface Identity {

    /** The caller, or nothing if nobody is signed in. */
    Mono<Caller> callerOf(ServerWebExchange exchange);

    /**
     * Who sends a request that no filter has looked at yet, if it comes with a good bearer token and as such requests usually look. Nothing where it must be looked
     * at more closely, if only to say what is wrong with it.
     */
    Mono<Caller> plainCallerOf(ServerHttpRequest request);

    /**
     * Who the request says it comes from, which nobody has looked at: good for nothing but what anyone may know. Nothing if it cannot be read.
     */
    Optional<CustomerId> claimedBy(ServerHttpRequest request);
}
