package jangter.platform.security;

import jangter.kernel.CustomerId;
import jangter.platform.http.Caller;
import jangter.platform.http.Identity;
import java.util.Set;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Takes who asks from the bearer token, which has been looked at by then: its subject is the customer. */
final class TokenIdentity implements Identity {

    @Override
    public Mono<Caller> callerOf(ServerWebExchange exchange) {
        return exchange.getPrincipal().ofType(JwtAuthenticationToken.class).map(TokenIdentity::caller);
    }

    private static Caller caller(JwtAuthenticationToken token) {
        Set<Caller.Role> roles = token.getAuthorities().contains(Roles.STAFF_AUTHORITY) ? Set.of(Caller.Role.STAFF) : Set.of();
        return new Caller(new CustomerId(token.getToken().getSubject()), roles);
    }
}
