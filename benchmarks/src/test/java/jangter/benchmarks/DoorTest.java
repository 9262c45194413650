package jangter.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

class DoorTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final Sinks.One<String> held = Sinks.one();
    private DisposableServer server;
    private Door door;

    @BeforeEach
    void open() {
        server = HttpServer.create().host("127.0.0.1").port(0).doOnChannelInit((observer, channel, peer) -> connections.incrementAndGet()).route(routes -> routes
                .get("/told", (request, response) -> response.sendString(Mono.just("you are " + request.requestHeaders().get("X-Customer"))))
                .get("/in-parts", (request, response) -> response.sendString(Flux.just("one ", "two ", "thrée").delayElements(Duration.ofMillis(5))))
                .post("/kept", (request, response) -> response.status(201).sendString(request.receive().aggregate().asString()
                        .map(body -> request.requestHeaders().get("Content-Type") + " " + body).defaultIfEmpty("nothing")))
                .get("/refused", (request, response) -> response.status(409).sendString(Mono.just("{\"title\":\"No\",\"code\":\"sold-out\",\"left\":0}")))
                .get("/last", (request, response) -> response.header("Connection", "close").sendString(Mono.just("bye")))
                .get("/held", (request, response) -> {
                    most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                    return response.sendString(held.asMono());
                })
                .get("/broken", (request, response) -> {
                    request.withConnection(connection -> connection.channel().close());
                    return Mono.never();
                })).bindNow();
        door = new Door(address());
    }

    @AfterEach
    void close() {
        door.close();
        server.disposeNow();
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    private Door.Answer get(String path) {
        return door.get(Headers.NONE, path).block(PATIENCE);
    }

    @Test
    void a_request_says_who_asks_and_an_answer_what_is_told() {
        Door.Answer answer = door.get(Headers.of("X-Other", "1").and(Headers.of("X-Customer", "alice")), "/told").block(PATIENCE);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.isGood()).isTrue();
        assertThat(answer.body()).isEqualTo("you are alice");
    }

    @Test
    void an_answer_in_parts_is_put_together() {
        assertThat(get("/in-parts").body()).isEqualTo("one two thrée");
    }

    @Test
    void json_is_sent_as_such_and_nothing_as_nothing() {
        assertThat(door.post(Headers.NONE, "/kept", "{\"name\":\"Zoë\"}").block(PATIENCE).body()).isEqualTo("application/json {\"name\":\"Zoë\"}");
        assertThat(door.post(Headers.NONE, "/kept", null).block(PATIENCE).body()).isEqualTo("nothing");
    }

    @Test
    void a_refusal_tells_its_code_and_one_without_tells_all() {
        assertThat(get("/refused").isGood()).isFalse();
        assertThat(get("/refused").field("code")).isEqualTo("sold-out");
        assertThat(get("/refused").field("left")).isEqualTo("HTTP 409 {\"title\":\"No\",\"code\":\"sold-out\",\"left\":0}");
    }

    @Test
    void one_after_the_other_ask_by_one_connection() {
        for (int i = 0; i < 10; i++) {
            get("/refused");
        }
        assertThat(connections).hasValue(1);
    }

    @Test
    void who_finds_all_connections_taken_waits_for_one() {
        Mono<Long> answers = Flux.range(0, Door.MOST_CONNECTIONS + 100)
                .flatMap(number -> door.get(Headers.NONE, "/held"), Integer.MAX_VALUE).filter(Door.Answer::isGood).count().cache();
        answers.subscribe();
        while (underWay.get() < Door.MOST_CONNECTIONS) {
            Program.pause();
        }
        held.tryEmitValue("now");
        assertThat(answers.block(PATIENCE)).isEqualTo(Door.MOST_CONNECTIONS + 100);
        assertThat(most).hasValueGreaterThanOrEqualTo(Door.MOST_CONNECTIONS);
        assertThat(connections).hasValue(Door.MOST_CONNECTIONS);
    }

    @Test
    void a_connection_that_the_other_side_ends_is_followed_by_another() {
        assertThat(get("/last").body()).isEqualTo("bye");
        assertThat(get("/last").body()).isEqualTo("bye");
        assertThat(connections).hasValue(2);
    }

    @Test
    void whoever_is_hung_up_on_is_told_and_the_next_is_answered() {
        assertThatThrownBy(() -> get("/broken")).hasCauseInstanceOf(EOFException.class);
        assertThat(get("/refused").status()).isEqualTo(409);
    }

    @Test
    void an_answer_that_does_not_come_is_given_up() {
        try (Door hasty = new Door(address(), Duration.ofMillis(100))) {
            assertThatThrownBy(() -> hasty.get(Headers.NONE, "/held").block(PATIENCE)).hasCauseInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void where_nobody_listens_everyone_is_told_so() {
        try (Door nowhere = new Door(URI.create("http://127.0.0.1:" + Program.freePort()))) {
            assertThat(Flux.range(0, 2 * Door.MOST_CONNECTIONS)
                    .flatMap(number -> nowhere.get(Headers.NONE, "/").map(answer -> "answered").onErrorResume(ConnectException.class, refused -> Mono.just("refused")),
                            Integer.MAX_VALUE)
                    .collectList().block(PATIENCE)).hasSize(2 * Door.MOST_CONNECTIONS).containsOnly("refused");
        }
    }

    @Test
    void a_door_that_is_closed_lets_nobody_in() {
        door.close();
        assertThatThrownBy(() -> get("/told")).isNotNull();
    }

    @Test
    void a_header_has_one_line() {
        assertThatThrownBy(() -> Headers.of("X-Customer", "alice\r\nX-Staff: true")).isInstanceOf(IllegalArgumentException.class);
    }
}
