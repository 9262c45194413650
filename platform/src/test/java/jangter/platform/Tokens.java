package jangter.platform;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.reactive.JwkSetUriReactiveJwtDecoderBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;

/**
 * The tests' issuer of tokens: real ones, which the service under test checks as it does all others. {@code .headers(as("alice"))} makes
 * a request alice's, {@code .headers(asStaff("olga"))} a staff member's.
 */
@Configuration(proxyBeanMethods = false)
public class Tokens {

    public static final String ISSUER = "https://issuer.test";
    public static final String AUDIENCE = "jangter";

    private static final Instant WHEN_NO_TEST_RUNS_ANY_MORE = Instant.parse("2100-01-01T00:00:00Z");
    private static final RSAKey KEY = newKey("tests");

    /** The issuer's answer when it is asked for its keys, without an issuer to ask. */
    @Bean
    JwkSetUriReactiveJwtDecoderBuilderCustomizer keysOfTheTests() {
        String keys = new JWKSet(KEY.toPublicJWK()).toString();
        return decoder -> decoder.webClient(WebClient.builder().exchangeFunction(request -> Mono.just(ClientResponse.create(HttpStatus.OK)
                .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE).body(keys).build())).build());
    }

    public static Consumer<HttpHeaders> as(Object customer) {
        return headers -> headers.setBearerAuth(customer(customer.toString()));
    }

    public static Consumer<HttpHeaders> asStaff(Object id) {
        return headers -> headers.setBearerAuth(staff(id.toString()));
    }

    public static String customer(String id) {
        return signed(KEY, claims(id).build());
    }

    public static String staff(String id) {
        return signed(KEY, claims(id).claim("roles", List.of("staff")).build());
    }

    /** All that a good token of a customer says. */
    public static JWTClaimsSet.Builder claims(String subject) {
        return new JWTClaimsSet.Builder().issuer(ISSUER).audience(AUDIENCE).subject(subject).issueTime(Date.from(Instant.EPOCH))
                .expirationTime(Date.from(WHEN_NO_TEST_RUNS_ANY_MORE));
    }

    /** A token of this issuer that says something else. */
    public static String signed(JWTClaimsSet claims) {
        return signed(KEY, claims);
    }

    public static String signed(RSAKey key, JWTClaimsSet claims) {
        SignedJWT token = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims);
        try {
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public static RSAKey newKey(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
