package jangter.platform.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import reactor.core.publisher.Mono;

/**
 * Looks at each token closely once, and believes it for a minute: checking a signature costs as much as all the rest of a small answer. A
 * token counts no longer than it says itself; a key that its issuer took back counts for that minute more. What was not believed is not
 * remembered.
 */
final class KnownTokens implements ReactiveJwtDecoder {

    static final Duration BELIEVED_FOR = Duration.ofMinutes(1);
    private static final int MOST = 20_000;

    private final ReactiveJwtDecoder decoder;
    private final Clock clock;
    private final Cache<String, Jwt> known;

    KnownTokens(ReactiveJwtDecoder decoder, Clock clock, Ticker ticker) {
        this.decoder = decoder;
        this.clock = clock;
        this.known = Caffeine.newBuilder().maximumSize(MOST).ticker(ticker).executor(Runnable::run)
                .expireAfter(Expiry.creating((String token, Jwt jwt) -> BELIEVED_FOR)).build();
    }

    @Override
    public Mono<Jwt> decode(String token) {
        return Mono.defer(() -> {
            Jwt jwt = known.getIfPresent(token);
            return jwt != null && isGood(jwt) ? Mono.just(jwt) : decoder.decode(token).doOnNext(good -> known.put(token, good));
        });
    }

    /** One that names no end is looked at each time. */
    private boolean isGood(Jwt jwt) {
        Instant end = jwt.getExpiresAt();
        return end != null && clock.instant().isBefore(end);
    }
}
