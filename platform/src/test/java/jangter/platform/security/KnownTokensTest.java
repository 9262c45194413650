package jangter.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import jangter.kernel.CustomerId;
import jangter.platform.http.Caller;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class KnownTokensTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final List<String> lookedAt = new ArrayList<>();
    private Duration passed = Duration.ZERO;
    private final Clock clock = new Clock() {
        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return NOON.plus(passed);
        }
    };
    private final KnownTokens tokens = new KnownTokens(this::look, new Roles("realm.roles"), clock, () -> passed.toNanos());

    private Mono<Jwt> look(String token) {
        lookedAt.add(token);
        return token.equals("forged") ? Mono.error(new BadJwtException("forged"))
                : Mono.just(Jwt.withTokenValue(token).header("alg", "RS256").subject(token)
                .claim("realm", Map.of("roles", token.equals("olga") ? List.of("baker", "staff") : List.of("baker"))).expiresAt(NOON.plusSeconds(token.equals("short") ? 20 : 3600)).build());
    }

    @Test
    void a_token_is_looked_at_closely_once_a_minute() {
        assertThat(subject("alice")).isEqualTo("alice");
        assertThat(subject("bob")).isEqualTo("bob");
        assertThat(subject("alice")).isEqualTo("alice");
        assertThat(lookedAt).containsExactly("alice", "bob");
        passed = KnownTokens.BELIEVED_FOR.plusMillis(1);
        assertThat(subject("alice")).isEqualTo("alice");
        assertThat(lookedAt).containsExactly("alice", "bob", "alice");
    }

    @Test
    void of_a_token_that_is_known_it_is_known_whose_it_is_and_whether_it_is_staffs() {
        for (int time = 0; time < 2; time++) {
            assertThat(tokens.callerOf("olga").block()).isEqualTo(new Caller(new CustomerId("olga"), Set.of(Caller.Role.STAFF)));
            assertThat(tokens.callerOf("alice").block()).isEqualTo(new Caller(new CustomerId("alice"), Set.of()));
            assertThat(tokens.decode("olga").map(new Roles("realm.roles")::convert).block()).containsExactly(Roles.STAFF_AUTHORITY);
            assertThat(tokens.decode("alice").map(new Roles("realm.roles")::convert).block()).isEmpty();
        }
        assertThat(subject("olga")).isEqualTo("olga");
        assertThat(lookedAt).containsExactly("olga", "alice");
    }

    @Test
    void a_subject_may_itself_be_the_role() {
        Roles bySubject = new Roles("sub");
        KnownTokens known = new KnownTokens(this::look, bySubject, clock, () -> passed.toNanos());
        for (int time = 0; time < 2; time++) {
            assertThat(known.decode("staff").map(bySubject::isStaff).block()).isTrue();
            assertThat(known.decode("alice").map(bySubject::isStaff).block()).isFalse();
        }
        assertThat(lookedAt).containsExactly("staff", "alice");
    }

    @Test
    void a_token_that_has_ended_is_looked_at_again_and_not_just_believed() {
        subject("short");
        passed = Duration.ofSeconds(19);
        subject("short");
        assertThat(lookedAt).hasSize(1);
        passed = Duration.ofSeconds(20);
        subject("short");
        assertThat(lookedAt).hasSize(2);
    }

    @Test
    void what_was_not_believed_is_looked_at_each_time() {
        StepVerifier.create(tokens.decode("forged")).expectError(BadJwtException.class).verify();
        StepVerifier.create(tokens.decode("forged")).expectError(BadJwtException.class).verify();
        StepVerifier.create(tokens.callerOf("forged")).expectError(BadJwtException.class).verify();
        assertThat(lookedAt).hasSize(3);
    }

    private String subject(String token) {
        return tokens.decode(token).map(Jwt::getSubject).block();
    }
}
