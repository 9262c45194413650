package jangter.platform.http;

import static jangter.platform.Tokens.as;
import static jangter.platform.Tokens.asStaff;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import io.micrometer.core.instrument.MeterRegistry;
import jangter.platform.ServiceTest;
import jangter.platform.messaging.Commands;
import jangter.platform.mongo.Databases;
import jangter.platform.security.Door;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.commandhandling.AsynchronousCommandBus;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** More requests than can be answered, servers that are away, and answers that come too late. */
@ServiceTest({OverloadTest.Counter.class, OverloadTest.Till.class, OverloadTest.TillController.class})
@TestPropertySource(properties = {"jangter.http.most-in-flight=3", "jangter.messaging.command-timeout=2s"})
@DirtiesContext
class OverloadTest {

    static class Counter {

        static final AtomicBoolean AXON_SERVER_UP = new AtomicBoolean(true);

        @Bean
        Backing switchableAxonServer() {
            return new Backing("axon-server", false, AXON_SERVER_UP::get);
        }

        @Bean
        Door tillDoor() {
            return Door.openToRead("/slow", "/fails", "/stream", "/quick");
        }

        /** As over a wire: who sends does not handle. */
        @Bean
        CommandBus commandBus() {
            return AsynchronousCommandBus.builder().build();
        }
    }

    record Pay(UUID payment) {
    }

    /** Takes a payment once, however often it is asked, and can be slow. */
    static class Till {

        static final Set<UUID> TAKEN = ConcurrentHashMap.newKeySet();
        static final AtomicInteger ASKED = new AtomicInteger();
        static volatile CountDownLatch open = new CountDownLatch(0);

        @CommandHandler
        String pay(Pay command) throws InterruptedException {
            ASKED.incrementAndGet();
            open.await();
            TAKEN.add(command.payment());
            return "paid";
        }
    }

    @RestController
    static class TillController {

        static volatile Sinks.Empty<Void> patience = Sinks.empty();
        private final Commands commands;
        private final Once once;

        TillController(Commands commands, Databases databases) {
            this.commands = commands;
            this.once = databases.of("till").once();
        }

        record Receipt(UUID payment, String text) {
        }

        @PostMapping("/payments")
        Mono<ResponseEntity<Receipt>> pay(Caller caller, Attempt attempt, @RequestBody String text) {
            UUID payment = attempt.uuid("payment");
            return once.answer(attempt, text, Receipt.class,
                    () -> commands.<String>send(new Pay(payment)).map(done -> ResponseEntity.status(201).body(new Receipt(payment, done))));
        }

        @GetMapping("/slow")
        Mono<String> slow() {
            return patience.asMono().thenReturn("done");
        }

        @GetMapping("/fails")
        Mono<String> fails() {
            return patience.asMono().then(Mono.error(new IllegalStateException("broken")));
        }

        @GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
        Flux<String> stream() {
            return Flux.just("hello").concatWith(Flux.never());
        }

        @GetMapping("/quick")
        Mono<String> quick() {
            return Mono.just("quick");
        }
    }

    @LocalServerPort
    int port;

    @Autowired
    WebTestClient http;

    @Autowired
    MeterRegistry meters;

    @Autowired
    MongoServer mongo;

    @Autowired
    com.mongodb.reactivestreams.client.MongoClient asking;

    @Autowired
    com.mongodb.client.MongoClient processing;

    private final List<Disposable> open = new ArrayList<>();

    @BeforeEach
    void patience() {
        TillController.patience = Sinks.empty();
        Till.TAKEN.clear();
        Till.ASKED.set(0);
    }

    @AfterEach
    void nothing_is_left_in_flight() {
        Till.open.countDown();
        Counter.AXON_SERVER_UP.set(true);
        TillController.patience.tryEmitEmpty();
        open.forEach(Disposable::dispose);
        inFlight(0);
    }

    @Test
    void past_the_most_in_flight_a_request_is_told_at_once_to_come_again_and_afterwards_all_is_as_before() {
        double shed = shed("overload");
        List<String> answers = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 3; i++) {
            open.add(get("/slow").subscribe(answers::add));
        }
        inFlight(3);

        for (int i = 0; i < 20; i++) {
            http.get().uri("/quick").exchange().expectStatus().isEqualTo(503).expectHeader().valueEquals(HttpHeaders.RETRY_AFTER, "1")
                    .expectHeader().contentType(MediaType.APPLICATION_PROBLEM_JSON).expectBody()
                    .jsonPath("$.code").isEqualTo("overloaded").jsonPath("$.status").isEqualTo(503).jsonPath("$.instance").isEqualTo("/quick");
        }
        assertThat(shed("overload")).isEqualTo(shed + 20);
        http.get().uri("/actuator/health/liveness").exchange().expectStatus().isOk();

        TillController.patience.tryEmitEmpty();
        await().until(() -> answers.size() == 3);
        inFlight(0);
        http.get().uri("/quick").exchange().expectStatus().isOk().expectBody(String.class).isEqualTo("quick");
        http.get().uri("/actuator/prometheus").headers(asStaff("olga")).exchange().expectStatus().isOk();
        http.get().uri("/actuator/metrics/jangter.http.in.flight").headers(asStaff("olga")).exchange().expectStatus().isOk();
    }

    @Test
    void who_goes_away_or_fails_leaves_room() {
        for (int i = 0; i < 3; i++) {
            open.add(get("/slow").subscribe());
        }
        inFlight(3);
        open.forEach(Disposable::dispose);
        inFlight(0);

        for (int i = 0; i < 3; i++) {
            open.add(get("/fails").onErrorComplete().subscribe());
        }
        inFlight(3);
        TillController.patience.tryEmitEmpty();
        inFlight(0);
    }

    @Test
    void streams_do_not_count() {
        AtomicInteger heard = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
            int streams = i + 1;
            open.add(client().get().uri("/stream").retrieve().bodyToFlux(String.class).subscribe(hello -> heard.incrementAndGet()));
            await().until(() -> heard.get() == streams);
        }

        inFlight(0);
        http.get().uri("/quick").exchange().expectStatus().isOk();
    }

    @Test
    void while_axon_server_is_away_changes_are_told_at_once_to_come_again_and_reads_are_answered() {
        http.get().uri("/quick").exchange().expectStatus().isOk();
        pay("first").expectStatus().isCreated();
        Counter.AXON_SERVER_UP.set(false);
        double shed = shed("axon-server");

        pay("away").expectStatus().isEqualTo(503).expectHeader().valueEquals(HttpHeaders.RETRY_AFTER, "1").expectBody().jsonPath("$.code").isEqualTo("unavailable");
        http.get().uri("/stream").accept(MediaType.TEXT_EVENT_STREAM).exchange().expectStatus().isEqualTo(503);
        http.get().uri("/quick").exchange().expectStatus().isOk();
        assertThat(shed("axon-server")).isEqualTo(shed + 2);
        assertThat(Till.ASKED).hasValue(1);

        Counter.AXON_SERVER_UP.set(true);
        pay("away").expectStatus().isCreated();
    }

    @Test
    void while_mongo_is_away_requests_are_told_at_once_to_come_again_and_when_it_is_back_they_are_answered() {
        pay("before").expectStatus().isCreated();
        InetSocketAddress address = mongo.getLocalAddress();
        mongo.shutdownNow();

        double shed = shed("mongo");
        await().atMost(Duration.ofSeconds(5)).until(() -> status(pay("away")) == 503 && shed("mongo") > shed);
        long begun = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            pay("away").expectStatus().isEqualTo(503).expectBody().jsonPath("$.code").isEqualTo("unavailable");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).as("twenty refusals, none of which waits for the driver to give up").isLessThan(Duration.ofSeconds(2));
        http.get().uri("/actuator/health/liveness").exchange().expectStatus().isOk();

        new MongoServer(H2Backend.inMemory()).bind(address);
        await().atMost(Duration.ofSeconds(5)).until(() -> status(pay("away")) == 201);
    }

    @Test
    void who_asks_does_not_wait_for_mongo_and_an_event_processor_does() {
        assertThat(asking.getClusterDescription().getClusterSettings().getServerSelectionTimeout(TimeUnit.SECONDS)).isEqualTo(2);
        assertThat(processing.getClusterDescription().getClusterSettings().getServerSelectionTimeout(TimeUnit.SECONDS)).isEqualTo(30);
    }

    @Test
    void who_is_told_too_late_learns_the_outcome_under_the_same_key() {
        Till.open = new CountDownLatch(1);

        pay("late").expectStatus().isEqualTo(503).expectHeader().valueEquals(HttpHeaders.RETRY_AFTER, "1").expectBody().jsonPath("$.code").isEqualTo("unavailable");
        Till.open.countDown();
        await().until(() -> Till.TAKEN.size() == 1);

        byte[] answer = pay("late").expectStatus().isCreated().expectBody().jsonPath("$.text").isEqualTo("paid").returnResult().getResponseBody();
        int asked = Till.ASKED.get();
        assertThat(pay("late").expectStatus().isCreated().expectBody().returnResult().getResponseBody()).isEqualTo(answer);
        assertThat(Till.TAKEN).as("one effect").hasSize(1);
        assertThat(Till.ASKED).as("the answer is known by then").hasValue(asked);
    }

    @Test
    void who_does_not_wait_for_the_answer_learns_the_outcome_under_the_same_key() {
        Till.open = new CountDownLatch(1);
        Disposable impatient = client().post().uri("/payments").headers(as("alice")).header("Idempotency-Key", "impatient")
                .bodyValue("10").retrieve().toBodilessEntity().subscribe();
        await().until(() -> Till.ASKED.get() == 1);
        impatient.dispose();
        inFlight(0);
        Till.open.countDown();

        pay("impatient").expectStatus().isCreated().expectBody().jsonPath("$.text").isEqualTo("paid");
        assertThat(Till.ASKED).hasValue(2);
        assertThat(Till.TAKEN).as("one effect").hasSize(1);
    }

    private WebTestClient.ResponseSpec pay(String key) {
        return http.post().uri("/payments").headers(as("alice")).header("Idempotency-Key", key).bodyValue("10").exchange();
    }

    private static int status(WebTestClient.ResponseSpec response) {
        return response.returnResult().getStatus().value();
    }

    private Mono<String> get(String path) {
        return client().get().uri(path).retrieve().bodyToMono(String.class);
    }

    private WebClient client() {
        return WebClient.create("http://127.0.0.1:" + port);
    }

    private void inFlight(int expected) {
        await().atMost(Duration.ofSeconds(5)).until(() -> (int) meters.get("jangter.http.in.flight").gauge().value() == expected);
    }

    private double shed(String reason) {
        return meters.counter("jangter.http.shed", "reason", reason).count();
    }
}
