package jangter.platform.http;

import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Gives every request a trace id, which its answer tells in {@value #HEADER}: the one of its W3C {@code traceparent}, else a new one. Before
 * all other filters, so that what they refuse can be traced too.
 */
public final class Trace implements WebFilter, Ordered {

    static final String HEADER = "X-Trace-Id";
    private static final Pattern TRACEPARENT = Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?");

    private final Supplier<UUID> nonces;

    Trace(Supplier<UUID> nonces) {
        this.nonces = nonces;
    }

    /** The trace id of that request. */
    public static String of(ServerWebExchange exchange) {
        return exchange.getRequiredAttribute(HEADER);
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String id = idOf(exchange.getRequest().getHeaders().getFirst("traceparent"));
        exchange.getAttributes().put(HEADER, id);
        exchange.getResponse().getHeaders().set(HEADER, id);
        return chain.filter(exchange);
    }

    private String idOf(@Nullable String traceparent) {
        Matcher told = TRACEPARENT.matcher(String.valueOf(traceparent));
        return told.matches() ? told.group(1) : nonces.get().toString().replace("-", "");
    }
}
