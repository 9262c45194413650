package jangter.platform.http;

import jangter.kernel.CustomerId;
import jangter.kernel.InvalidValueException;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Believes what a header says, for trying out on one's own machine: {@value #CUSTOMER} names the customer, {@value #ROLE} may be
 * {@code staff}.
 */
final class DevelopmentIdentity implements Identity {

    static final String CUSTOMER = "X-Jangter-Customer";
    static final String ROLE = "X-Jangter-Role";

    @Override
    public Mono<Caller> callerOf(ServerWebExchange exchange) {
        HttpHeaders headers = exchange.getRequest().getHeaders();
        String customer = headers.getFirst(CUSTOMER);
        if (customer == null) {
            return Mono.empty();
        }
        Set<Caller.Role> roles = "staff".equals(headers.getFirst(ROLE)) ? Set.of(Caller.Role.STAFF) : Set.of();
        try {
            return Mono.just(new Caller(new CustomerId(customer), roles));
        } catch (InvalidValueException notAName) {
            return Mono.empty();
        }
    }
}
