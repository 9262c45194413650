package jangter.platform.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.mongodb.MongoSocketReadTimeoutException;
import com.mongodb.ServerAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

class IndexingTest {

    private static final Duration A_MOMENT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final AtomicInteger asked = new AtomicInteger();

    @AfterEach
    void tearDown() {
        VirtualTimeScheduler.reset();
    }

    @Test
    void what_is_made_at_once_is_waited_for() {
        AtomicInteger made = new AtomicInteger();
        Indexing.make(Mono.fromSupplier(() -> "index " + made.incrementAndGet()), "An index", LONG);
        assertThat(made).hasValue(1);
    }

    @Test
    void what_takes_long_is_not_waited_for_and_goes_on() {
        Sinks.One<String> index = Sinks.one();
        AtomicInteger cancelled = new AtomicInteger();

        Indexing.make(index.asMono().doOnSubscribe(subscribed -> asked.incrementAndGet()).doOnCancel(cancelled::incrementAndGet), "An index", A_MOMENT);

        assertThat(index.currentSubscriberCount()).isEqualTo(1);
        assertThat(asked).hasValue(1);
        assertThat(cancelled).hasValue(0);
        index.tryEmitValue("index");
        assertThat(index.currentSubscriberCount()).isZero();
    }

    @Test
    void what_is_refused_at_once_fails() {
        assertThatThrownBy(() -> Indexing.make(Mono.error(new IllegalArgumentException("no such thing")), "An index", LONG))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_connection_that_gave_up_meanwhile_is_asked_again() {
        VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        Mono<String> index = Mono.defer(() -> asked.incrementAndGet() < 3
                ? Mono.error(new MongoSocketReadTimeoutException("too long", new ServerAddress(), new RuntimeException())) : Mono.just("index"));

        Thread starting = new Thread(() -> Indexing.make(index, "An index", LONG));
        starting.start();
        await().until(() -> {
            time.advanceTimeBy(Duration.ofSeconds(1));
            return !starting.isAlive();
        });

        assertThat(asked).hasValue(3);
    }
}
