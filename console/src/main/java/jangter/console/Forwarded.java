package jangter.console;

import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/**
 * What says who asks, from the browser's request to the services': the console has no rights of its own, and does nothing that its
 * user could not do there.
 */
record Forwarded(HttpHeaders headers) {

    private static final List<String> NAMES = List.of(HttpHeaders.AUTHORIZATION, "Idempotency-Key", "traceparent");

    static Forwarded of(ServerWebExchange exchange) {
        HttpHeaders forwarded = new HttpHeaders();
        HttpHeaders headers = exchange.getRequest().getHeaders();
        NAMES.forEach(name -> headers.getOrEmpty(name).forEach(value -> forwarded.add(name, value)));
        return new Forwarded(forwarded);
    }

    void to(HttpHeaders request) {
        request.addAll(headers);
    }
}
