package jangter.platform.http;

import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Tells who sends a request: the one place where that is decided. */
public interface Identity {

    /** The caller, or nothing if nobody is signed in. */
    Mono<Caller> callerOf(ServerWebExchange exchange);
}
