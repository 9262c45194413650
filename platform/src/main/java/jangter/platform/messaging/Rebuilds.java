package jangter.platform.messaging;

import jangter.platform.mongo.Databases;
import jangter.platform.mongo.Edition;
import jangter.platform.mongo.Editions;
import jangter.platform.mongo.Rebuild;
import jangter.platform.mongo.Rebuild.State;
import jangter.platform.mongo.Rebuild.Wish;
import jangter.platform.mongo.ServiceDatabase;
import jangter.platform.mongo.TokenStores;
import java.time.Clock;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The rebuilding of views, as this instance takes part in it: it builds what was asked for here, goes on with what another instance left
 * undone, and moves its own processors to the edition that is current.
 */
final class Rebuilds implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Rebuilds.class);
    private static final long EVERY_MILLIS = 500;
    /** Somebody who is at it says so at each look: who misses that many is taken for dead. */
    private static final int SILENT_LOOKS = 20;

    private final Databases databases;
    private final EditionProcessors processors;
    private final TokenStores tokens;
    private final EventStore events;
    private final Clock clock;
    private final Map<String, Rebuilding> atWork = new ConcurrentHashMap<>();
    private final Map<String, Silence> silences = new HashMap<>();
    private volatile @Nullable ScheduledExecutorService looking;
    private volatile @Nullable ExecutorService working;

    private record Silence(Rebuild since, int looks) {
    }

    Rebuilds(Databases databases, EditionProcessors processors, TokenStores tokens, EventStore events, Clock clock) {
        this.databases = databases;
        this.processors = processors;
        this.tokens = tokens;
        this.events = events;
        this.clock = clock;
    }

    /** How the group's latest rebuild stands, wherever it is done. */
    Optional<Rebuild> of(String group) {
        return editions(group).rebuild(group);
    }

    /** Begins to rebuild a group's views, unless that is being done already. */
    Optional<Rebuild> begin(String group, @Nullable String from) {
        Optional<Rebuild> begun = editions(group).begin(group, from, clock.instant());
        begun.ifPresent(rebuild -> work(group, rebuild));
        return begun;
    }

    /** Decides on differences: the new copy is right. Nothing if none waits for it. */
    Optional<Rebuild> accept(String group) {
        return editions(group).wish(group, Wish.SWITCH, EnumSet.of(State.WAITING));
    }

    /** Gives a rebuild up, however far it is. Nothing if there is none. */
    Optional<Rebuild> abandon(String group) {
        return editions(group).wish(group, Wish.ABANDON, EnumSet.of(State.BUILDING, State.COMPARING, State.WAITING));
    }

    @Override
    public void start() {
        working = Executors.newCachedThreadPool(new AxonThreadFactory("Rebuild"));
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(new AxonThreadFactory("Rebuilds"));
        scheduler.scheduleWithFixedDelay(this::look, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        looking = scheduler;
    }

    @Override
    public void stop() {
        ScheduledExecutorService scheduler = looking;
        ExecutorService workers = working;
        looking = null;
        if (scheduler == null || workers == null) {
            return;
        }
        scheduler.shutdownNow();
        atWork.values().parallelStream().forEach(Rebuilds::leave);
        atWork.clear();
        workers.shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return looking != null;
    }

    private static void leave(Rebuilding rebuilding) {
        try {
            rebuilding.stop();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException away) {
            LOG.debug("A rebuild could not be left in order", away);
        }
    }

    private void look() {
        processors.all().forEach((group, processor) -> {
            if (processors.isReplayable(processor)) {
                try {
                    giveUpOtherEditions(group, processor);
                    atWork.computeIfPresent(group, (same, rebuilding) -> rebuilding.isOver() ? null : rebuilding);
                    Rebuilding here = atWork.get(group);
                    if (here != null) {
                        here.beat();
                    } else {
                        of(group).filter(rebuild -> rebuild.state().isUnderWay()).ifPresent(rebuild -> listen(group, rebuild));
                    }
                } catch (RuntimeException away) {
                    LOG.debug("Not now", away);
                }
            }
        });
    }

    /** A processor that starts again claims its segments of the edition that is current. */
    private void giveUpOtherEditions(String group, StreamingEventProcessor processor) {
        Edition current = editions(group).current(group);
        boolean isBehind = processor.processingStatus().keySet().stream()
                .anyMatch(segment -> tokens.claimed(group, segment).filter(edition -> !edition.equals(current)).isPresent());
        if (isBehind && processor.isRunning()) {
            processor.shutDown();
            processor.start();
        }
    }

    private void listen(String group, Rebuild rebuild) {
        Silence silence = silences.get(group);
        boolean isSilent = silence != null && silence.since().isSameTurn(rebuild) && silence.since().beat() == rebuild.beat();
        silences.put(group, isSilent ? new Silence(rebuild, silence.looks() + 1) : new Silence(rebuild, 0));
        if (rebuild.beat() == Editions.LEFT || isSilent && silence.looks() >= SILENT_LOOKS) {
            editions(group).takeOver(group, rebuild).ifPresent(mine -> {
                LOG.info("The rebuild of {} was left undone, and goes on here", group);
                work(group, mine);
            });
        }
    }

    private void work(String group, Rebuild rebuild) {
        ExecutorService workers = working;
        if (workers == null) {
            throw new IllegalStateException("Not started");
        }
        Rebuilding rebuilding = new Rebuilding(group, rebuild, database(group), processors, tokens, events, clock);
        atWork.put(group, rebuilding);
        workers.execute(rebuilding);
    }

    private Editions editions(String group) {
        return database(group).editions();
    }

    private ServiceDatabase database(String group) {
        return databases.ofGroup(group);
    }
}
