package jangter.launcher.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Tokens for trying out, and the key that they are signed with. */
class DevelopmentIssuerTest {

    private static final Instant NOW = Instant.parse("2026-05-04T09:00:00Z");
    private static final String NAME = "http://127.0.0.1:8090";

    @TempDir
    Path data;

    @Test
    void a_form_gets_the_bare_token_of_that_customer_for_an_hour() throws Exception {
        SignedJWT token = SignedJWT.parse(form("customer=alice").expectStatus().isOk().expectHeader().contentTypeCompatibleWith(MediaType.TEXT_PLAIN)
                .expectBody(String.class).returnResult().getResponseBody());

        assertThat(token.verify(new RSASSAVerifier(JWKSet.parse(issuer().keys()).getKeys().get(0).toRSAKey()))).isTrue();
        assertThat(token.getJWTClaimsSet().getIssuer()).isEqualTo(NAME);
        assertThat(token.getJWTClaimsSet().getAudience()).containsExactly("jangter");
        assertThat(token.getJWTClaimsSet().getSubject()).isEqualTo("alice");
        assertThat(token.getJWTClaimsSet().getStringListClaim("roles")).isEmpty();
        assertThat(token.getJWTClaimsSet().getExpirationTime().toInstant()).isEqualTo(NOW.plus(Duration.ofHours(1)));
    }

    @Test
    void json_gets_json_and_staff_if_it_asks_for_it() throws Exception {
        byte[] answer = http().post().uri("/dev/tokens").contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"customer\":\"olga\",\"staff\":true,\"lifetime\":\"PT24H\"}").exchange().expectStatus().isOk()
                .expectBody().jsonPath("$.expiresAt").isEqualTo("2026-05-05T09:00:00Z").returnResult().getResponseBody();

        String token = new String(answer).replaceAll(".*\"token\":\"([^\"]*)\".*", "$1");
        assertThat(SignedJWT.parse(token).getJWTClaimsSet().getStringListClaim("roles")).containsExactly("staff");
    }

    @Test
    void what_is_no_customer_no_flag_or_too_long_is_refused() {
        for (String form : List.of("", "customer=", "customer=alice@example.com", "staff=true", "customer=alice&staff=yes", "customer=alice&lifetime=PT24H1S",
                "customer=alice&lifetime=PT0S", "customer=alice&lifetime=-PT1H", "customer=alice&lifetime=soon", "customer=alice&role=staff", "customer=%zz")) {
            form(form).expectStatus().isBadRequest().expectBody().jsonPath("$.code").isNotEmpty();
        }
        http().post().uri("/dev/tokens").contentType(MediaType.TEXT_XML).bodyValue("<a/>").exchange().expectStatus().isEqualTo(415);
    }

    @Test
    void a_page_that_reaches_this_machine_under_another_name_gets_no_token() {
        http().post().uri("/dev/tokens").header("Host", "evil.example:8080").contentType(MediaType.APPLICATION_FORM_URLENCODED).bodyValue("customer=alice")
                .exchange().expectStatus().isForbidden();
    }

    @Test
    void others_find_its_keys_by_its_name_alone() {
        http().get().uri("/.well-known/openid-configuration").exchange().expectStatus().isOk().expectBody()
                .jsonPath("$.issuer").isEqualTo(NAME).jsonPath("$.jwks_uri").isEqualTo(NAME + "/dev/keys");
        http().get().uri("/dev/keys").exchange().expectStatus().isOk().expectBody().jsonPath("$.keys[0].kty").isEqualTo("RSA").jsonPath("$.keys[0].d").doesNotExist();
    }

    @Test
    void the_key_is_kept_and_its_owner_alone_can_read_it() throws IOException {
        String keys = issuer().keys();
        Path file = data.resolve("issuer/key.json");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(Files.list(file.getParent())).containsExactly(file);
        assertThat(issuer().keys()).isEqualTo(keys);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(this::issuer).isInstanceOf(UnusableKeyException.class).hasMessageContaining("Others than its owner");
    }

    @Test
    void a_damaged_key_is_told_in_a_line() throws IOException {
        issuer();
        Files.writeString(data.resolve("issuer/key.json"), "{");

        assertThatThrownBy(this::issuer).isInstanceOf(UnusableKeyException.class).hasMessageContaining("Delete it");
    }

    private DevelopmentIssuer issuer() {
        return DevelopmentIssuer.named(NAME, data, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private WebTestClient http() {
        return WebTestClient.bindToRouterFunction(issuer().routes()).configureClient().baseUrl("http://localhost").defaultHeader("Host", "localhost").build();
    }

    private WebTestClient.ResponseSpec form(String form) {
        return http().post().uri("/dev/tokens").contentType(MediaType.APPLICATION_FORM_URLENCODED).bodyValue(form).exchange();
    }
}
