package jangter.launcher.issuer;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import jangter.kernel.InvalidValueException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.codec.DecodingException;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ServerWebInputException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;
import reactor.core.publisher.Mono;

/**
 * An issuer that believes whoever asks, and so must be within reach of this machine alone. Its tokens are checked like all others: it
 * publishes its keys and its discovery document as an OpenID Connect provider does.
 */
public final class DevelopmentIssuer {

    /** For whom its tokens are: every service of the shop. */
    static final String AUDIENCE = "jangter";
    public static final String TOKENS = "/dev/tokens";
    public static final String KEYS = "/dev/keys";
    public static final String DISCOVERY = "/.well-known/openid-configuration";

    private static final Pattern THIS_MACHINE = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[?::1]?|\\[?0:0:0:0:0:0:0:1]?");

    private final String name;
    private final RSAKey key;
    private final Clock clock;

    private DevelopmentIssuer(String name, RSAKey key, Clock clock) {
        this.name = name;
        this.key = key;
        this.clock = clock;
    }

    /**
     * The issuer of that name with the key that is kept there, or with a new one.
     *
     * @param name its {@code iss}: the address under which it can be asked
     * @param data the folder of the embedded parts
     * @throws UnusableKeyException if the key cannot be read or made
     */
    public static DevelopmentIssuer named(String name, Path data, Clock clock) {
        return new DevelopmentIssuer(name, new KeyFile(data).key(), clock);
    }

    public String name() {
        return name;
    }

    /** Its public keys, as a JSON Web Key Set. */
    public String keys() {
        return new JWKSet(key.toPublicJWK()).toString();
    }

    public RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route()
                .GET(DISCOVERY, request -> ServerResponse.ok().bodyValue(Map.of("issuer", name, "jwks_uri", name + KEYS,
                        "token_endpoint", name + TOKENS, "response_types_supported", List.of("token"), "subject_types_supported",
                        List.of("public"), "id_token_signing_alg_values_supported", List.of(JWSAlgorithm.RS256.getName()))))
                .GET(KEYS, request -> ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).bodyValue(keys()))
                .POST(TOKENS, RequestPredicates.all(), this::issue)
                .build();
    }

    /** A name that only seems to be this machine's may be a page's that somebody else wrote. */
    private Mono<ServerResponse> issue(ServerRequest request) {
        InetSocketAddress host = request.headers().host();
        if (host == null || !THIS_MACHINE.matcher(host.getHostString()).matches()) {
            return problem(HttpStatus.FORBIDDEN, "not-this-machine", "Tokens for trying out are for this machine alone.");
        }
        return Mono.defer(() -> fields(request)).map(TokenRequest::of).flatMap(wanted -> answer(request, wanted))
                .onErrorResume(InvalidValueException.class, invalid -> problem(HttpStatus.BAD_REQUEST, "invalid-value", "The " + invalid.getMessage() + "."))
                .onErrorResume(DevelopmentIssuer::isOfAnotherKind, other -> problem(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", null))
                .onErrorResume(DevelopmentIssuer::isUnreadable, unreadable -> problem(HttpStatus.BAD_REQUEST, "malformed", "The request cannot be read."));
    }

    private static boolean isOfAnotherKind(Throwable failure) {
        return failure instanceof UnsupportedMediaTypeStatusException || failure instanceof InvalidMediaTypeException;
    }

    /** A form whose escapes are none fails without a type of its own. */
    private static boolean isUnreadable(Throwable failure) {
        return failure instanceof ServerWebInputException || failure instanceof DecodingException || failure instanceof IllegalArgumentException
                || failure instanceof DataBufferLimitException;
    }

    private static Mono<Map<String, ?>> fields(ServerRequest request) {
        return (isForm(request) ? request.formData().<Map<String, ?>>map(form -> form.toSingleValueMap())
                : request.bodyToMono(new ParameterizedTypeReference<Map<String, ?>>() { })).defaultIfEmpty(Map.of());
    }

    private static boolean isForm(ServerRequest request) {
        return request.headers().contentType().filter(MediaType.APPLICATION_FORM_URLENCODED::isCompatibleWith).isPresent();
    }

    /** A form comes from a shell, which has use for the bare token; what was sent as JSON is answered so. */
    private Mono<ServerResponse> answer(ServerRequest request, TokenRequest wanted) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant expiresAt = now.plus(wanted.lifetime());
        String token = sign(wanted, now, expiresAt);
        List<MediaType> accepted = request.headers().accept();
        boolean bare = accepted.contains(MediaType.TEXT_PLAIN) || isForm(request) && !accepted.contains(MediaType.APPLICATION_JSON);
        return bare ? ServerResponse.ok().contentType(MediaType.TEXT_PLAIN).bodyValue(token)
                : ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).bodyValue(Map.of("token", token, "expiresAt", expiresAt.toString()));
    }

    private String sign(TokenRequest wanted, Instant now, Instant expiresAt) {
        JWTClaimsSet claims = new JWTClaimsSet.Builder().issuer(name).audience(AUDIENCE).subject(wanted.customer().value())
                .claim("roles", wanted.staff() ? List.of("staff") : List.of()).issueTime(Date.from(now)).expirationTime(Date.from(expiresAt)).build();
        SignedJWT token = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims);
        try {
            token.sign(new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("A key that was made for signing signs", e);
        }
        return token.serialize();
    }

    private static Mono<ServerResponse> problem(HttpStatus status, String code, @Nullable String detail) {
        ProblemDetail problem = ProblemDetail.forStatus(status);
        problem.setDetail(detail);
        problem.setProperty("code", code);
        return ServerResponse.status(status).contentType(MediaType.APPLICATION_PROBLEM_JSON).bodyValue(problem);
    }
}
