package jangter.platform.mongo;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Forgets what is kept for a time only, in every database in use here: once an hour, and each minute the marks of what was removed, which are many
 * and kept short. Several instances may do the same.
 */
public final class Housekeeping implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration EVERY = Duration.ofHours(1);
    private static final Duration MARKS_EVERY = Duration.ofMinutes(1);

    private final Databases databases;
    private volatile @Nullable Disposable running;

    public Housekeeping(Databases databases) {
        this.databases = databases;
    }

    /** Forgets it now. */
    public Mono<Void> clean() {
        return forgetRemoved().thenMany(Flux.fromIterable(databases.inUse())).concatMap(ServiceDatabase::forgetOld).then();
    }

    private Mono<Void> forgetRemoved() {
        return Flux.fromIterable(databases.inUse()).concatMap(ServiceDatabase::forgetRemoved).then();
    }

    @Override
    public void start() {
        running = Disposables.composite(each(EVERY, Mono.defer(this::clean)), each(MARKS_EVERY, Mono.defer(this::forgetRemoved)));
    }

    private static Disposable each(Duration pause, Mono<Void> cleaning) {
        return Mono.delay(pause)
                .then(cleaning.onErrorResume(failure -> {
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
