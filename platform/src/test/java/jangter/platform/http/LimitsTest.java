package jangter.platform.http;

import static jangter.platform.Tokens.as;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import jangter.platform.MovableClock;
import jangter.platform.ServiceTest;
import jangter.platform.security.Door;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** More than is taken: too often, too large, too long. */
@ServiceTest({LimitsTest.Doors.class, LimitsTest.DoorController.class})
@TestPropertySource(properties = {"jangter.http.rate.a-second=2", "jangter.http.rate.burst=4", "jangter.http.rate.customers=50"})
class LimitsTest {

    static class Doors {
        @Bean
        Limited narrow() {
            return new Limited("narrow", HttpMethod.POST, "/doors/{id}/narrow");
        }

        @Bean
        Door unlocked() {
            return Door.open("/doors/**");
        }
    }

    @RestController
    static class DoorController {
        @PostMapping("/doors/{id}/narrow")
        Mono<String> narrow(Caller caller, @PathVariable String id) {
            return Mono.just("through");
        }

        @GetMapping("/doors/{id}/narrow")
        Mono<String> look(@PathVariable String id) {
            return Mono.just("seen");
        }

        @PostMapping("/doors")
        Mono<Integer> build(@RequestBody Map<String, String> door) {
            return Mono.just(door.size());
        }
    }

    @Autowired
    WebTestClient http;

    @Autowired
    MovableClock clock;

    @Autowired
    MeterRegistry meters;

    @BeforeEach
    void stop_the_clock() {
        clock.stop();
    }

    @AfterEach
    void let_the_clock_go_on() {
        clock.reset();
    }

    @Test
    void who_comes_too_often_is_told_when_to_come_again_and_then_let_in() {
        assertThat(statuses("alice", 6)).containsExactly(200, 200, 200, 200, 429, 429);
        narrow("alice").expectStatus().isEqualTo(429).expectHeader().valueEquals(HttpHeaders.RETRY_AFTER, "1")
                .expectHeader().contentType(MediaType.APPLICATION_PROBLEM_JSON).expectBody()
                .jsonPath("$.code").isEqualTo("too-often").jsonPath("$.status").isEqualTo(429).jsonPath("$.instance").isEqualTo("/doors/1/narrow");
        assertThat(meters.counter("jangter.http.too.often", "door", "narrow").count()).isPositive();

        clock.forward(Duration.ofSeconds(1));
        assertThat(statuses("alice", 3)).containsExactly(200, 200, 429);
        clock.forward(Duration.ofMinutes(1));
        assertThat(statuses("alice", 5)).as("a pause does not add up to more than a burst").containsExactly(200, 200, 200, 200, 429);
    }

    @Test
    void one_customers_haste_is_not_anothers_and_only_that_door_is_narrow() {
        assertThat(statuses("hasty", 5)).endsWith(429);

        narrow("calm").expectStatus().isOk();
        http.get().uri("/doors/1/narrow").headers(as("hasty")).exchange().expectStatus().isOk();
        http.post().uri("/doors/2/narrow").headers(as("hasty")).exchange().expectStatus().isEqualTo(429);
    }

    @Test
    void who_is_not_signed_in_is_told_that_and_not_counted() {
        IntStream.range(0, 10).forEach(i -> http.post().uri("/doors/1/narrow").exchange().expectStatus().isUnauthorized());
    }

    @Test
    void a_body_that_says_to_be_too_large_is_refused_unread() {
        http.post().uri("/doors").contentType(MediaType.APPLICATION_JSON).bodyValue("{\"a\":\"" + "x".repeat(300_000) + "\"}").exchange()
                .expectStatus().isEqualTo(413).expectBody().jsonPath("$.code").isEqualTo("content-too-large").jsonPath("$.instance").isEqualTo("/doors");
    }

    @Test
    void a_body_in_chunks_is_refused_when_it_becomes_too_large() {
        Flux<DataBuffer> endless = Flux.range(0, 1_000).map(i -> DefaultDataBufferFactory.sharedInstance
                .wrap(((i == 0 ? "{" : ",") + "\"field-" + i + "\":\"" + "x".repeat(1_000) + "\"").getBytes(StandardCharsets.UTF_8)));

        http.post().uri("/doors").contentType(MediaType.APPLICATION_JSON).body(endless, DataBuffer.class).exchange()
                .expectStatus().isEqualTo(413).expectBody().jsonPath("$.code").isEqualTo("content-too-large");
    }

    @Test
    void what_fits_is_taken() {
        http.post().uri("/doors").contentType(MediaType.APPLICATION_JSON).bodyValue("{\"a\":\"" + "x".repeat(200_000) + "\"}").exchange()
                .expectStatus().isOk();
    }

    @Test
    void headers_and_addresses_that_are_too_long_are_refused() {
        http.get().uri("/doors/1/narrow").header("X-Long", "x".repeat(20_000)).exchange().expectStatus().isEqualTo(431);
        http.get().uri("/doors/1/narrow?x=" + "x".repeat(10_000)).exchange().expectStatus().isEqualTo(414);
        http.get().uri("/doors/1/narrow?x=" + "x".repeat(4_000)).header("X-Long", "x".repeat(8_000)).exchange().expectStatus().isOk();
    }

    private List<Integer> statuses(String customer, int times) {
        return IntStream.range(0, times).mapToObj(i -> narrow(customer).returnResult().getStatus().value()).toList();
    }

    private WebTestClient.ResponseSpec narrow(String customer) {
        return http.post().uri("/doors/1/narrow").headers(as(customer)).exchange();
    }
}
