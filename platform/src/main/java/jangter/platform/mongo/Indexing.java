package jangter.platform.mongo;

import com.mongodb.MongoSocketReadTimeoutException;
import java.time.Duration;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Has indexes made. An index that is there already, or is of few documents, is made at once. Of many it takes minutes, the first time: then a service starts
 * meanwhile, and what the index is for looks at all documents until it is there.
 */
final class Indexing {

    private static final Logger LOG = LoggerFactory.getLogger(Indexing.class);
    private static final Duration ASK_AGAIN_AFTER = Duration.ofSeconds(5);

    private Indexing() {
    }

    /**
     * Waits for it, but not for long.
     *
     * @param index makes it when it is subscribed to; if it takes so long that a connection gives up, MongoDB goes on, and is asked again
     * @param name the index, for the log
     * @throws RuntimeException if MongoDB refuses it within that time
     */
    static void make(Publisher<String> index, String name, Duration patience) {
        Mono<String> making = Mono.from(index).retryWhen(Retry.fixedDelay(Long.MAX_VALUE, ASK_AGAIN_AFTER).filter(MongoSocketReadTimeoutException.class::isInstance))
                .cache();
        making.timeout(patience, Mono.fromRunnable(() -> {
            LOG.info("{} is being made, which takes a while; until then all documents are looked at", name);
            making.subscribe(made -> LOG.info("{} is made", name), failure -> LOG.warn("{} could not be made: {}", name, failure.toString()));
        })).block();
    }
}
