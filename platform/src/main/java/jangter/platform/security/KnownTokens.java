package jangter.platform.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import jangter.kernel.CustomerId;
import jangter.platform.http.Caller;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import reactor.core.publisher.Mono;

/**
 * Looks at each token closely once, and believes it for five minutes: checking a signature costs as much as all the rest of a small answer. A
 * token counts no longer than it says itself; a key that its issuer took back counts for those minutes more. What was not believed is not
 * remembered. Its issuer may have to be asked for its keys, which is waited for so long.
 *
 * <p>Of a token that was believed it is remembered whose it is and whether it is staff's, and nothing else that it says: the claims of so many would be half a
 * million objects, which the collector copies again and again.
 */
final class KnownTokens implements ReactiveJwtDecoder {

    static final Duration BELIEVED_FOR = Duration.ofMinutes(5);
    private static final int MOST = 20_000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Map<String, Object> HEADERS = Map.of("typ", "JWT");

    private final ReactiveJwtDecoder decoder;
    private final Roles roles;
    private final Clock clock;
    private final Cache<String, Known> known;

    KnownTokens(ReactiveJwtDecoder decoder, Roles roles, Clock clock, Ticker ticker) {
        this.decoder = decoder;
        this.roles = roles;
        this.clock = clock;
        this.known = Caffeine.newBuilder().maximumSize(MOST).ticker(ticker).executor(Runnable::run)
                .expireAfter(Expiry.creating((String token, Known good) -> BELIEVED_FOR)).build();
    }

    /** Who is staff. */
    Roles roles() {
        return roles;
    }

    /** @param end from when on the token is not good any more */
    private record Known(Caller caller, Instant end) {
    }

    /** Whose token that is. Fails as {@link #decode} does. */
    Mono<Caller> callerOf(String token) {
        return Mono.defer(() -> {
            Known good = find(token);
            return good != null ? Mono.just(good.caller()) : look(token).map(this::caller);
        });
    }

    @Override
    public Mono<Jwt> decode(String token) {
        return Mono.defer(() -> {
            Known good = find(token);
            return good != null ? Mono.just(new Jwt(token, null, good.end(), HEADERS, claims(good))) : look(token);
        });
    }

    private @Nullable Known find(String token) {
        Known found = known.getIfPresent(token);
        return found != null && clock.instant().isBefore(found.end()) ? found : null;
    }

    /** One that names no end is looked at each time. */
    private Mono<Jwt> look(String token) {
        return decoder.decode(token).timeout(PATIENCE).doOnNext(good -> {
            if (good.getExpiresAt() != null) {
                known.put(token, new Known(caller(good), good.getExpiresAt()));
            }
        });
    }

    private Caller caller(Jwt token) {
        return new Caller(new CustomerId(token.getSubject()), roles.isStaff(token) ? Set.of(Caller.Role.STAFF) : Set.of());
    }

    /** Where the subject itself is the role, it says so again. */
    private Map<String, Object> claims(Known good) {
        Map<String, Object> claims = new HashMap<>();
        claims.put(roles.claim(), Roles.said(good.caller().roles().contains(Caller.Role.STAFF)));
        claims.put(JwtClaimNames.SUB, good.caller().id().value());
        return claims;
    }
}
