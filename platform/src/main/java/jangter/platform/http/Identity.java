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
     * Who the request says it comes from, which nobody has looked at: good for nothing but what anyone may know. Nothing if it cannot be read.
     */
    Optional<CustomerId> claimedBy(ServerHttpRequest request);
}
