package jangter.platform.http;

import static jangter.platform.Tokens.as;
import static jangter.platform.Tokens.asStaff;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.MongoTimeoutException;
import io.micrometer.core.instrument.MeterRegistry;
import jangter.kernel.InvalidValueException;
import jangter.kernel.Refusal;
import jangter.kernel.RefusedException;
import jangter.kernel.UnavailableException;
import jangter.platform.MovableClock;
import jangter.platform.ServiceTest;
import jangter.platform.Tokens;
import jangter.platform.messaging.Asked;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.axonframework.axonserver.connector.AxonServerException;
import org.axonframework.queryhandling.NoHandlerForQueryException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

/** A counter at which many ask for the same: by a short way, or by the usual one, which must say the same. */
@ServiceTest({ShortWaysTest.Ways.class, ShortWaysTest.CounterController.class})
@TestPropertySource(properties = {"jangter.http.rate.a-second=1", "jangter.http.rate.burst=3", "server.forward-headers-strategy=framework", "jangter.http.allowed-origins=https://shop.example"})
class ShortWaysTest {

    /** Takes nobody the short way, and means the same. */
    private static final Consumer<HttpHeaders> USUALLY = headers -> headers.set(HttpHeaders.ACCEPT, "application/json;q=0.9");

    static class Ways {
        @Bean
        ShortWay<Given> counter(CounterController counter) {
            return new ShortWay<>(HttpMethod.POST, "/counter/{what}/given", Given.class, (sent, caller, attempt) -> {
                counter.byTheShortWay.incrementAndGet();
                return counter.answer(caller, attempt, sent.path().get("what"), sent.headers().getFirst("Prefer"));
            });
        }

        @Bean
        Limited narrow() {
            return new Limited("counter", HttpMethod.POST, "/counter/{what}/given");
        }
    }

    record Given(String what, String to, String askedBy, boolean isStaff, @Nullable String key, @Nullable String preferred) {
    }

    @RestController
    static class CounterController {

        final AtomicInteger byTheShortWay = new AtomicInteger();
        final AtomicInteger byTheUsualWay = new AtomicInteger();

        @PostMapping("/counter/{what}/given")
        Mono<ResponseEntity<Given>> give(Caller caller, Attempt attempt, @PathVariable String what,
                @RequestHeader(name = "Prefer", required = false) @Nullable String preferred) {
            byTheUsualWay.incrementAndGet();
            return answer(caller, attempt, what, preferred);
        }

        @GetMapping("/counter/{what}/given")
        Mono<String> look(@PathVariable String what) {
            return Mono.just("seen");
        }

        Mono<ResponseEntity<Given>> answer(Caller caller, Attempt attempt, String what, @Nullable String preferred) {
            return switch (what) {
                case "refused" -> Mono.error(new RefusedException(new Refusal("none-left", Refusal.Kind.CONFLICT, "There is none left.")));
                case "unknown" -> Mono.error(new RefusedException(new Refusal("unknown-thing", Refusal.Kind.UNKNOWN, "There is no such thing.")));
                case "unacceptable" -> throw new RefusedException(new Refusal("not-that", Refusal.Kind.UNACCEPTABLE, "Not that."));
                case "invalid" -> throw new InvalidValueException("what", "must be something else");
                case "overloaded" -> Mono.error(new OverloadedException("Too many want it"));
                case "unavailable" -> Mono.error(new UnavailableException("It did not answer", new TimeoutException()));
                case "late" -> Mono.error(new TimeoutException());
                case "without-Mongo" -> Mono.error(new MongoTimeoutException("It is away"));
                case "without-Axon-Server" -> Mono.error(new AxonServerException("It is away", "AXONIQ-0001"));
                case "without-a-service" -> Mono.error(new NoHandlerForQueryException("There is none"));
                case "staffs" -> Mono.error(AccessRefusedException.notStaff());
                case "found-out" -> Mono.error(new ResponseStatusException(HttpStatus.GONE, "It was there"));
                case "bug" -> throw new IllegalStateException("This is a test's bug");
                default -> Mono.deferContextual(context -> Mono.just(ResponseEntity.status(HttpStatus.CREATED).header("X-Shelf", "seven")
                        .body(new Given(what, caller.id().value(), Asked.in(context).orElseThrow().by(), caller.roles().contains(Caller.Role.STAFF), attempt.key(), preferred))));
            };
        }
    }

    @Autowired
    WebTestClient http;

    @Autowired
    CounterController counter;

    @Autowired
    MovableClock clock;

    @Autowired
    MeterRegistry meters;

    @LocalServerPort
    int port;

    @BeforeEach
    void stop_the_clock() {
        clock.stop();
        counter.byTheShortWay.set(0);
        counter.byTheUsualWay.set(0);
    }

    @AfterEach
    void let_the_clock_go_on() {
        clock.reset();
    }

    /** All that an answer says, but for what is another's each time. */
    private record Said(int status, Map<String, List<String>> headers, Map<String, Object> body) {

        static Said by(WebTestClient.ResponseSpec answer) {
            EntityExchangeResult<Map<String, Object>> result = answer.expectBody(new ParameterizedTypeReference<Map<String, Object>>() { }).returnResult();
            Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            result.getResponseHeaders().forEach(headers::put);
            String trace = String.join("", headers.remove(Trace.HEADER));
            headers.remove(HttpHeaders.CONTENT_LENGTH);
            Map<String, Object> body = new HashMap<>(result.getResponseBody() == null ? Map.of() : result.getResponseBody());
            body.replaceAll((name, value) -> name.equals("traceId") && value.equals(trace) ? "as the header says" : value);
            return new Said(result.getStatus().value(), headers, body);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bread", "refused", "unknown", "unacceptable", "invalid", "overloaded", "unavailable", "late", "without-Mongo", "without-Axon-Server",
        "without-a-service", "staffs", "found-out", "bug"})
    void either_way_says_the_same(String what) {
        Consumer<HttpHeaders> asked = as("alice-" + what).andThen(headers -> headers.set("Prefer", "brown"));
        Said usually = Said.by(post(what, asked, USUALLY));
        assertThat(counter.byTheUsualWay).hasValue(1);

        Said shortly = Said.by(post(what, asked));

        assertThat(shortly).isEqualTo(usually);
        assertThat(counter.byTheShortWay).hasValue(1);
        assertThat(counter.byTheUsualWay).hasValue(1);
    }

    @Test
    void either_way_says_the_same_by_tls() {
        Consumer<HttpHeaders> secure = as("tess").andThen(headers -> headers.set("X-Forwarded-Proto", "https"));

        Said shortly = Said.by(post("bread", secure));

        assertThat(shortly).isEqualTo(Said.by(post("bread", secure, USUALLY)));
        assertThat(shortly.headers()).containsKey("Strict-Transport-Security");
        assertThat(counter.byTheShortWay).hasValue(1);
    }

    @Test
    void a_path_that_hides_something_is_refused_as_usual() {
        for (String path : List.of("/counter/bread;to=bob/given", "/counter/bread;/given", "/counter/br%65ad/given;x", "/counter/bread/given%3b")) {
            http.post().uri(at(path)).headers(as("mallory")).exchange().expectStatus().is4xxClientError();
        }
        http.post().uri(at("/counter/br%65ad/given")).headers(as("mallory")).exchange().expectStatus().isCreated();
        assertThat(counter.byTheShortWay).hasValue(0);
    }

    @Test
    void it_is_known_who_asks() {
        assertThat(Said.by(post("bread", as("ann"))).body()).containsEntry("to", "ann").containsEntry("askedBy", "ann").containsEntry("isStaff", false);
        assertThat(Said.by(post("bread", asStaff("olga"))).body()).containsEntry("to", "olga").containsEntry("isStaff", true);
        assertThat(counter.byTheShortWay).hasValue(2);
    }

    @Test
    void who_is_not_known_is_told_so() {
        String forged = Tokens.signed(Tokens.newKey("tests"), Tokens.claims("carol").build());

        for (String token : List.of(forged, "nonsense", "not§even.that", "")) {
            Said said = Said.by(post("bread", headers -> headers.set(HttpHeaders.AUTHORIZATION, "Bearer " + token)));
            assertThat(said.status()).isEqualTo(401);
            assertThat(said.body()).containsEntry("code", "bad-token");
        }
        assertThat(Said.by(post("bread", headers -> { })).body()).containsEntry("code", "not-signed-in");
        assertThat(counter.byTheShortWay).hasValue(0);
        assertThat(counter.byTheUsualWay).hasValue(0);
    }

    @Test
    void who_comes_too_often_is_told_when_to_come_again_whichever_way_they_come() {
        IntStream.range(0, 2).forEach(i -> post("bread", as("hasty")).expectStatus().isCreated());
        post("bread", as("hasty"), USUALLY).expectStatus().isCreated();

        Said shortly = Said.by(post("bread", as("hasty")));
        Said usually = Said.by(post("bread", as("hasty"), USUALLY));

        assertThat(shortly).isEqualTo(usually);
        assertThat(shortly.status()).isEqualTo(429);
        assertThat(shortly.body()).containsEntry("code", "too-often");
        assertThat(counter.byTheShortWay).hasValue(2);
    }

    @Test
    void who_wants_more_than_an_answer_goes_the_usual_way() {
        post("bread", as("kay"), headers -> headers.set("Idempotency-Key", "k")).expectStatus().isCreated().expectBody().jsonPath("$.key").isEqualTo("k");
        post("bread", as("ori"), headers -> headers.setOrigin("https://shop.example")).expectStatus().isCreated()
                .expectHeader().valueEquals(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "https://shop.example");
        post("bread", as("ori"), headers -> headers.setOrigin("https://elsewhere.example")).expectStatus().isCreated()
                .expectHeader().doesNotExist(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN);
        post("bread", as("pic"), headers -> headers.setAccept(List.of(MediaType.IMAGE_PNG))).expectStatus().isEqualTo(406);
        http.get().uri("/counter/bread/given").headers(as("eve")).exchange().expectStatus().isOk();
        assertThat(counter.byTheUsualWay).as("the picture is found to be none afterwards").hasValue(4);
        assertThat(counter.byTheShortWay).hasValue(0);
    }

    @Test
    void it_is_counted_under_its_path() {
        double before = count();

        post("bread", as("count")).expectStatus().isCreated();

        // once the answer is sent, which may be after it is here
        await().untilAsserted(() -> assertThat(count()).isEqualTo(before + 1));
        assertThat(counter.byTheShortWay).hasValue(1);
    }

    private URI at(String path) {
        return URI.create("http://localhost:" + port + path);
    }

    private double count() {
        return meters.find("http.server.requests").tag("uri", "/counter/{what}/given").tag("status", "201").timers().stream().mapToLong(timer -> timer.count()).sum();
    }

    @SafeVarargs
    private WebTestClient.ResponseSpec post(String what, Consumer<HttpHeaders>... headers) {
        WebTestClient.RequestBodySpec request = http.post().uri("/counter/{what}/given", what);
        for (Consumer<HttpHeaders> some : headers) {
            request.headers(some);
        }
        return request.exchange();
    }
}
