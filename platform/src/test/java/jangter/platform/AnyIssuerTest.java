package jangter.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.sun.net.httpserver.HttpServer;
import jangter.platform.http.Caller;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** A service is told an OpenID Connect provider's address and nothing else, and finds out the rest when the first token comes. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, classes = AnyIssuerTest.WhoAmI.class,
        properties = {"axon.axonserver.enabled=false", "jangter.security.roles-claim=realm_access.roles"})
@ContextConfiguration(initializers = EmbeddedMongo.class)
@EnableAutoConfiguration
@AutoConfigureWebTestClient
@Import({InJvmMessaging.class, Platform.class})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AnyIssuerTest {

    private static final RSAKey KEY = Tokens.newKey("of the provider");
    private static final AtomicBoolean AWAY = new AtomicBoolean(true);
    private static final HttpServer PROVIDER = provider();

    @RestController
    static class WhoAmI {
        @GetMapping("/me")
        Mono<String> me(Caller caller) {
            return Mono.just(caller.id() + " " + caller.roles());
        }
    }

    @DynamicPropertySource
    static void issuer(DynamicPropertyRegistry properties) {
        properties.add("spring.security.oauth2.resourceserver.jwt.issuer-uri", AnyIssuerTest::issuer);
    }

    @AfterAll
    static void stop() {
        PROVIDER.stop(0);
    }

    @Autowired
    WebTestClient http;

    /** Before all others: what was found out once is kept. */
    @Test
    @Order(1)
    void while_the_issuer_is_away_nothing_is_known_of_a_token_and_when_it_is_back_it_is_believed() {
        AWAY.set(true);
        me(Tokens.signed(KEY, claims("alice").build())).expectStatus().isEqualTo(503).expectHeader().exists(HttpHeaders.RETRY_AFTER)
                .expectHeader().contentType(MediaType.APPLICATION_PROBLEM_JSON).expectBody().jsonPath("$.code").isEqualTo("unavailable");
        AWAY.set(false);
        me(Tokens.signed(KEY, claims("alice").build())).expectStatus().isOk().expectBody(String.class).isEqualTo("alice []");
    }

    @Test
    void its_roles_are_found_where_it_has_them() {
        AWAY.set(false);
        me(Tokens.signed(KEY, claims("olga").claim("realm_access", Map.of("roles", List.of("staff"))).build()))
                .expectStatus().isOk().expectBody(String.class).isEqualTo("olga [STAFF]");
    }

    @Test
    void what_others_issue_is_not_believed() {
        AWAY.set(false);
        me(Tokens.customer("alice")).expectStatus().isUnauthorized();
        me(Tokens.signed(Tokens.newKey("of the provider"), claims("alice").build())).expectStatus().isUnauthorized();
        me(Tokens.signed(KEY, claims("alice").issuer("https://issuer.test").build())).expectStatus().isUnauthorized();
        me(Tokens.signed(KEY, claims("alice").audience("another").build())).expectStatus().isUnauthorized();
        assertThat(me(Tokens.signed(KEY, claims("alice").build())).returnResult().getStatus().value()).isEqualTo(200);
    }

    private WebTestClient.ResponseSpec me(String token) {
        return http.mutate().responseTimeout(Duration.ofSeconds(30)).build().get().uri("/me").headers(headers -> headers.setBearerAuth(token)).exchange();
    }

    private static JWTClaimsSet.Builder claims(String subject) {
        return Tokens.claims(subject).issuer(issuer());
    }

    private static String issuer() {
        return "http://127.0.0.1:" + PROVIDER.getAddress().getPort() + "/realms/shop";
    }

    private static HttpServer provider() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            String issuer = "http://127.0.0.1:" + server.getAddress().getPort() + "/realms/shop";
            serve(server, "/realms/shop/.well-known/openid-configuration", "{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"" + issuer
                    + "/keys\",\"subject_types_supported\":[\"public\"]}");
            serve(server, "/realms/shop/keys", new JWKSet(KEY.toPublicJWK()).toString());
            server.start();
            return server;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void serve(HttpServer server, String path, String json) {
        server.createContext(path, exchange -> {
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(AWAY.get() ? 503 : 200, AWAY.get() ? -1 : body.length);
            exchange.getResponseBody().write(AWAY.get() ? new byte[0] : body);
            exchange.close();
        });
    }
}
