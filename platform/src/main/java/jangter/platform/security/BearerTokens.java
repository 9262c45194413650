package jangter.platform.security;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.web.server.authentication.ServerBearerTokenAuthenticationConverter;
import org.springframework.security.web.server.authentication.ServerAuthenticationConverter;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The token that a request brings. What is not as usual is left to Spring's own converter, whose pattern takes long. */
final class BearerTokens implements ServerAuthenticationConverter {

    private static final String SCHEME = "Bearer ";

    private final ServerAuthenticationConverter unusual = new ServerBearerTokenAuthenticationConverter();

    @Override
    public Mono<Authentication> convert(ServerWebExchange exchange) {
        return Mono.defer(() -> {
            String token = plain(exchange.getRequest());
            return token != null ? Mono.just(new BearerTokenAuthenticationToken(token)) : unusual.convert(exchange);
        });
    }

    /** The token, if the request brings it as is usual. */
    static @Nullable String plain(ServerHttpRequest request) {
        String header = request.getHeaders().getFirst(HttpHeaders.AUTHORIZATION);
        return header != null && header.startsWith(SCHEME) && PlainText.isToken(header, SCHEME.length()) ? header.substring(SCHEME.length()) : null;
    }
}
