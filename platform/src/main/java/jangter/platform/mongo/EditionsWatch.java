package jangter.platform.mongo;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Reads twice a second which edition of each view is current: before anybody else reads or writes views, and until the end. */
public final class EditionsWatch implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(EditionsWatch.class);
    private static final Duration EVERY = Duration.ofMillis(500);

    private final Databases databases;
    private volatile @Nullable Disposable running;

    public EditionsWatch(Databases databases) {
        this.databases = databases;
    }

    @Override
    public void start() {
        look();
        running = Flux.interval(EVERY, Schedulers.boundedElastic()).onBackpressureDrop().doOnNext(tick -> lookIfPossible()).subscribe();
    }

    private void look() {
        databases.inUse().forEach(database -> database.editions().refresh());
    }

    private void lookIfPossible() {
        try {
            look();
        } catch (RuntimeException away) {
            LOG.debug("Which editions are current could not be looked up", away);
        }
    }

    @Override
    public void stop() {
        Disposable watching = running;
        if (watching != null) {
            watching.dispose();
            running = null;
        }
    }

    @Override
    public boolean isRunning() {
        return running != null;
    }

    @Override
    public int getPhase() {
        return Integer.MIN_VALUE;
    }
}
