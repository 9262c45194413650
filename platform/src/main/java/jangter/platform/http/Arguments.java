package jangter.platform.http;

import jangter.kernel.InvalidValueException;
import jangter.kernel.Require;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.core.MethodParameter;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.reactive.BindingContext;
import org.springframework.web.reactive.result.method.HandlerMethodArgumentResolver;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Hands a handler what it asks for by type: {@link Caller}, {@link Staff}, {@link Attempt}, {@link PageRequest}. */
final class Arguments implements HandlerMethodArgumentResolver {

    static final String KEY = "Idempotency-Key";
    static final Set<Class<?>> TYPES = Set.of(Caller.class, Staff.class, Attempt.class, PageRequest.class);

    private final Map<Class<?>, Function<ServerWebExchange, Mono<?>>> byType;

    Arguments(Identity identity, Supplier<UUID> nonces, Clock clock) {
        this.byType = Map.of(
                Caller.class, exchange -> signedIn(identity, exchange),
                Staff.class, exchange -> signedIn(identity, exchange).map(Arguments::staff),
                Attempt.class, exchange -> signedIn(identity, exchange).map(caller -> attempt(caller, exchange.getRequest(), nonces.get(), clock.instant())),
                PageRequest.class, exchange -> Mono.fromSupplier(() -> page(exchange.getRequest())));
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return TYPES.contains(parameter.getParameterType());
    }

    @Override
    @SuppressWarnings("unchecked")
    public Mono<Object> resolveArgument(MethodParameter parameter, BindingContext context, ServerWebExchange exchange) {
        return (Mono<Object>) byType.get(parameter.getParameterType()).apply(exchange);
    }

    private static Mono<Caller> signedIn(Identity identity, ServerWebExchange exchange) {
        return identity.callerOf(exchange).switchIfEmpty(Mono.error(AccessRefusedException::nobodySignedIn));
    }

    private static Staff staff(Caller caller) {
        if (!caller.roles().contains(Caller.Role.STAFF)) {
            throw AccessRefusedException.notStaff();
        }
        return new Staff(caller.id());
    }

    private static Attempt attempt(Caller caller, ServerHttpRequest request, UUID nonce, Instant at) {
        String key = request.getHeaders().getFirst(KEY);
        if (key != null) {
            Require.that(Attempt.isKey(key), KEY, "must be 1 to 255 printable ASCII characters without spaces");
        }
        return new Attempt(caller.id(), Attempt.target(request), key, nonce, at);
    }

    private static PageRequest page(ServerHttpRequest request) {
        String size = request.getQueryParams().getFirst("size");
        String cursor = request.getQueryParams().getFirst("cursor");
        return new PageRequest(size == null ? PageRequest.USUAL : size(size), cursor);
    }

    private static int size(String text) {
        try {
            int size = Integer.parseInt(text);
            Require.between("size", size, 1, PageRequest.MOST);
            return size;
        } catch (NumberFormatException notANumber) {
            throw new InvalidValueException("size", "must be from 1 to " + PageRequest.MOST);
        }
    }
}
