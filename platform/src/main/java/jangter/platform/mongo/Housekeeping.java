package jangter.platform.mongo;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Forgets what is kept for a time only, in every database in use here, once an hour. Several instances may do the same.
 */
public final class Housekeeping implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration EVERY = Duration.ofHours(1);

    private final Databases databases;
    private volatile @Nullable Disposable running;

    public Housekeeping(Databases databases) {
        this.databases = databases;
    }

    /** Forgets it now. */
    public Mono<Void> clean() {
        return Flux.fromIterable(databases.inUse()).concatMap(ServiceDatabase::forgetOld).then();
    }

    @Override
    public void start() {
        running = Mono.delay(EVERY)
                .then(Mono.defer(this::clean).onErrorResume(failure -> {
                    LOG.warn("What is old could not be forgotten: {}", failure.toString());
                    return Mono.empty();
                }))
                .repeat().subscribe();
    }

    @Override
    public void stop() {
        Disposable cleaning = running;
        if (cleaning != null) {
            cleaning.dispose();
            running = null;
        }
    }

    @Override
    public boolean isRunning() {
        return running != null;
    }
}
