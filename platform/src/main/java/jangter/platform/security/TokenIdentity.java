package jangter.platform.security;

import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import jangter.kernel.CustomerId;
import jangter.platform.http.Caller;
import jangter.platform.http.Identity;
import java.text.ParseException;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Takes who asks from the bearer token, which has been looked at by then: its subject is the customer. */
final class TokenIdentity implements Identity {

    private static final String BEARER = "Bearer ";
    /** Of a token: its header, what it claims, its signature. */
    private static final int MOST_PARTS = 3;

    private final KnownTokens tokens;

    TokenIdentity(KnownTokens tokens) {
        this.tokens = tokens;
    }

    /** What looks at tokens here, which is the same for all ways in. */
    KnownTokens tokens() {
        return tokens;
    }

    @Override
    public Mono<Caller> callerOf(ServerWebExchange exchange) {
        return exchange.getPrincipal().ofType(JwtAuthenticationToken.class).map(TokenIdentity::caller);
    }

    @Override
    public Mono<Caller> plainCallerOf(ServerHttpRequest request) {
        String token = BearerTokens.plain(request);
        return token == null ? Mono.empty() : tokens.callerOf(token).onErrorComplete();
    }

    @Override
    public Optional<CustomerId> claimedBy(ServerHttpRequest request) {
        String authorization = request.getHeaders().getFirst(HttpHeaders.AUTHORIZATION);
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.empty();
        }
        try {
            String claims = authorization.split("\\.", MOST_PARTS)[1];
            return Optional.of(new CustomerId(JWTClaimsSet.parse(new Base64URL(claims).decodeToString()).getSubject()));
        } catch (ParseException | RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    private static Caller caller(JwtAuthenticationToken token) {
        Set<Caller.Role> roles = token.getAuthorities().contains(Roles.STAFF_AUTHORITY) ? Set.of(Caller.Role.STAFF) : Set.of();
        return new Caller(new CustomerId(token.getToken().getSubject()), roles);
    }
}
