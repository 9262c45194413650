package jangter.platform.security;

import static jangter.platform.Tokens.as;
import static jangter.platform.Tokens.asStaff;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import jangter.platform.ServiceTest;
import jangter.platform.Tokens;
import jangter.platform.http.Caller;
import jangter.platform.http.Staff;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Who gets in where: a house with a garden that is open, rooms for those who are known, and an office. */
@ServiceTest({SecurityTest.House.class, SecurityTest.HouseController.class})
@TestPropertySource(properties = "jangter.http.allowed-origins=https://shop.example,https://other.example")
class SecurityTest {

    static class House {
        @Bean
        Door garden() {
            return Door.openToRead("/garden/**");
        }

        @Bean
        Door office() {
            return Door.forStaff("/garden/office/**");
        }
    }

    @RestController
    static class HouseController {
        @GetMapping("/garden")
        Mono<String> garden() {
            return Mono.just("flowers");
        }

        @GetMapping("/garden/office")
        Mono<String> office() {
            return Mono.just("files");
        }

        @GetMapping("/room")
        Mono<String> room() {
            return Mono.just("chairs");
        }

        @GetMapping("/me")
        Mono<String> me(Caller caller) {
            return Mono.just(caller.id() + " " + caller.roles());
        }

        @GetMapping("/desk")
        Mono<String> desk(Staff staff) {
            return Mono.just("desk of " + staff.id());
        }
    }

    @Autowired
    WebTestClient http;

    static Stream<Arguments> tokensThatAreNotGood() throws JOSEException {
        String good = Tokens.customer("alice");
        String[] parts = good.split("\\.");
        SignedJWT byAPassword = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("tests").build(), Tokens.claims("alice").build());
        byAPassword.sign(new MACSigner("x".repeat(64)));
        return Stream.of(
                arguments("expired", Tokens.signed(Tokens.claims("alice").expirationTime(Date.from(Instant.parse("2026-01-01T00:00:00Z"))).build())),
                arguments("not yet good", Tokens.signed(Tokens.claims("alice").notBeforeTime(Date.from(Instant.parse("2099-01-01T00:00:00Z"))).build())),
                arguments("of another issuer", Tokens.signed(Tokens.claims("alice").issuer("https://elsewhere.test").build())),
                arguments("for another audience", Tokens.signed(Tokens.claims("alice").audience("another-shop").build())),
                arguments("for nobody", Tokens.signed(Tokens.claims("alice").audience((String) null).build())),
                arguments("altered", parts[0] + "." + Tokens.customer("bob").split("\\.")[1] + "." + parts[2]),
                arguments("signed by another key of the same name", Tokens.signed(Tokens.newKey("tests"), Tokens.claims("alice").build())),
                arguments("signed by an unknown key", Tokens.signed(Tokens.newKey("unknown"), Tokens.claims("alice").build())),
                arguments("signed by a password", byAPassword.serialize()),
                arguments("not signed", new PlainJWT(Tokens.claims("alice").build()).serialize()),
                arguments("without its signature", parts[0] + "." + parts[1] + "."),
                arguments("no token", "abc"),
                arguments("not even that", "a§c"),
                arguments("empty", ""),
                arguments("about nobody", Tokens.signed(Tokens.claims("alice").subject(null).build())),
                arguments("about an address", Tokens.signed(Tokens.claims("alice@example.com").build())),
                arguments("about something endless", Tokens.signed(Tokens.claims("a".repeat(65)).build())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tokensThatAreNotGood")
    void a_token_that_is_not_good_opens_no_door_not_even_an_open_one(String what, String token) {
        for (String path : List.of("/me", "/desk", "/room", "/garden", "/nowhere", "/actuator/metrics", "/actuator/health")) {
            refused(http.get().uri(path).header(HttpHeaders.AUTHORIZATION, "Bearer " + token).exchange(), 401, "bad-token",
                    "Bearer error=\"invalid_token\"");
        }
    }

    @Test
    void the_subject_is_the_customer_and_the_role_makes_staff() {
        http.get().uri("/me").headers(as("alice")).exchange().expectStatus().isOk().expectBody(String.class).isEqualTo("alice []");
        http.get().uri("/me").headers(asStaff("auth0|olga")).exchange().expectStatus().isOk().expectBody(String.class).isEqualTo("auth0|olga [STAFF]");
    }

    @Test
    void without_a_token_only_open_doors_open_and_nothing_else_tells_whether_it_is_there() {
        http.get().uri("/garden").exchange().expectStatus().isOk();
        for (String path : List.of("/me", "/desk", "/room", "/nowhere", "/garden/office", "/actuator", "/actuator/metrics", "/actuator/nothing")) {
            refused(http.get().uri(path).exchange(), 401, "not-signed-in", "Bearer");
        }
        refused(http.post().uri("/garden").exchange(), 401, "not-signed-in", "Bearer");
    }

    @Test
    void a_customer_comes_into_the_rooms_and_not_into_the_offices() {
        http.get().uri("/room").headers(as("alice")).exchange().expectStatus().isOk();
        for (String path : List.of("/desk", "/garden/office", "/actuator", "/actuator/metrics", "/actuator/nothing")) {
            refused(http.get().uri(path).headers(as("alice")).exchange(), 403, "not-staff", "Bearer error=\"insufficient_scope\"");
            http.get().uri(path).headers(asStaff("olga")).exchange().expectStatus().value(status -> assertThat(status).isIn(200, 404));
        }
    }

    @Test
    void anyone_may_ask_whether_it_is_well_and_staff_alone_why() {
        http.get().uri("/actuator/health").exchange().expectBody().jsonPath("$.status").exists().jsonPath("$.components").doesNotExist();
        http.get().uri("/actuator/health").headers(as("alice")).exchange().expectBody().jsonPath("$.components").doesNotExist();
        http.get().uri("/actuator/health").headers(asStaff("olga")).exchange().expectBody().jsonPath("$.components.mongo").exists();
        refused(http.get().uri("/actuator/health/mongo").exchange(), 404, null, null);
    }

    @Test
    void a_path_that_hides_something_is_refused() {
        for (String path : List.of("/garden/..;/desk", "/garden/%2e%2e/desk", "/garden//office", "/garden%2foffice", "/garden/office;x=1", "/desk%00")) {
            http.get().uri(builder -> java.net.URI.create(builder.build() + path)).headers(as("alice")).exchange()
                    .expectStatus().isBadRequest().expectBody().jsonPath("$.code").isEqualTo("malformed");
        }
    }

    @Test
    void every_answer_tells_browsers_to_be_careful() {
        for (ResponseSpec answer : List.of(http.get().uri("/garden").exchange(), http.get().uri("/me").exchange(),
                http.get().uri("/nowhere").headers(as("alice")).exchange())) {
            answer.expectHeader().valueEquals("X-Content-Type-Options", "nosniff")
                    .expectHeader().valueEquals("X-Frame-Options", "DENY")
                    .expectHeader().valueEquals("Referrer-Policy", "no-referrer")
                    .expectHeader().valueMatches("Content-Security-Policy", "default-src 'none';.*frame-ancestors 'none'")
                    .expectHeader().valueMatches("Cache-Control", ".*no-store.*")
                    .expectHeader().doesNotExist("Strict-Transport-Security")
                    .expectHeader().doesNotExist("Set-Cookie");
        }
    }

    @Test
    void the_apis_page_is_open_and_loads_its_own_parts_alone() {
        String page = http.get().uri("/docs").exchange().expectStatus().is3xxRedirection().returnResult(Void.class).getResponseHeaders().getLocation().getPath();
        http.get().uri(page).exchange().expectStatus().isOk().expectHeader().valueMatches("Content-Security-Policy", ".*script-src 'self';.*");
        http.get().uri(page.replace("index.html", "swagger-ui-bundle.js")).exchange().expectStatus().isOk();
        http.get().uri("/openapi/swagger-config").exchange().expectStatus().isOk();
        http.get().uri("/openapi").exchange().expectStatus().isOk().expectBody().jsonPath("$.components.securitySchemes.token.scheme").isEqualTo("bearer");
    }

    @Test
    void pages_of_named_origins_may_call_and_others_may_not() {
        http.get().uri("/garden").header("Origin", "https://shop.example").exchange().expectStatus().isOk()
                .expectHeader().valueEquals("Access-Control-Allow-Origin", "https://shop.example")
                .expectHeader().doesNotExist("Access-Control-Allow-Credentials");
        http.get().uri("/garden").header("Origin", "https://evil.example").exchange().expectStatus().isOk()
                .expectHeader().doesNotExist("Access-Control-Allow-Origin");
        preflight("https://other.example").expectStatus().isOk().expectHeader().valueEquals("Access-Control-Allow-Origin", "https://other.example");
        preflight("https://evil.example").expectHeader().doesNotExist("Access-Control-Allow-Origin");
    }

    private ResponseSpec preflight(String origin) {
        return http.options().uri("/me").header("Origin", origin).header("Access-Control-Request-Method", "GET")
                .header("Access-Control-Request-Headers", "authorization").exchange();
    }

    private static void refused(ResponseSpec answer, int status, String code, String challenge) {
        answer.expectStatus().isEqualTo(status);
        if (code != null) {
            answer.expectHeader().contentType(MediaType.APPLICATION_PROBLEM_JSON).expectHeader().valueEquals(HttpHeaders.WWW_AUTHENTICATE, challenge)
                    .expectBody().jsonPath("$.code").isEqualTo(code).jsonPath("$.status").isEqualTo(status);
        }
    }
}
