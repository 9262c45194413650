package jangter.platform.messaging;

import jangter.platform.mongo.Comparison;
import jangter.platform.mongo.Edition;
import jangter.platform.mongo.Editions;
import jangter.platform.mongo.Rebuild;
import jangter.platform.mongo.Rebuild.State;
import jangter.platform.mongo.Rebuild.Wish;
import jangter.platform.mongo.ServiceDatabase;
import jangter.platform.mongo.TokenStores;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds the next edition of a group's views beside the one that is read.
 *
 * <ol>
 * <li>Prepare: empty collections and tokens at the start; or, if later events only are to be handled again, a copy.</li>
 * <li>Build: a processor of its own handles the events into the new edition, until it has caught up with the old one. It goes on
 * following the events until the end.</li>
 * <li>Compare both. If they differ, wait until an operator says which one is right.</li>
 * <li>Switch, in one step. The instances' processors give up the old edition's segments, and take the new one's as soon as this
 * processor leaves them.</li>
 * </ol>
 *
 * <p>Whatever it does can be done again: where this process ends, another one goes on from what is prepared and handled.
 */
final class Rebuilding implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Rebuilding.class);
    private static final long STEP_MILLIS = 250;
    /** Views whose end is seen late are read old for longer. */
    private static final long LOOK_MILLIS = 50;
    private static final int MOST_TRIES = 40;
    private static final int MOST_LOOKS = 20;
    private static final int DIFFERENCES_SHOWN = 20;
    /** As many steps as others need at most to learn that the new edition is current: until then this processor goes on with it. */
    private static final int STEPS_UNTIL_ALL_KNOW = 6;

    private final String group;
    private final ServiceDatabase database;
    private final EditionProcessors processors;
    private final TokenStores tokens;
    private final EventStore events;
    private final Clock clock;
    private final Progress progress;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Rebuild state;
    private volatile boolean isLost;
    private volatile EditionProcessors.@Nullable Building building;

    Rebuilding(String group, Rebuild state, ServiceDatabase database, EditionProcessors processors, TokenStores tokens, EventStore events, Clock clock) {
        this.group = group;
        this.state = state;
        this.database = database;
        this.processors = processors;
        this.tokens = tokens;
        this.events = events;
        this.clock = clock;
        this.progress = new Progress(clock);
    }

    /** Ends the work here; what it is about goes on elsewhere, or not at all. */
    private static final class EndedException extends RuntimeException {
        EndedException() {
            super(null, null, false, false);
        }
    }

    @Override
    public void run() {
        try {
            persistently(this::prepare);
            LOG.info("{} is being rebuilt{} as edition {}", group, state.from() == null ? "" : " from " + state.from(), state.edition());
            EditionProcessors.Building started = processors.building(edition());
            building = started;
            started.processor().start();
            waitUntil(this::hasCaughtUp);
            if (state.wish() != Wish.SWITCH) {
                compare();
            }
            switchOver();
        } catch (EndedException ended) {
            LOG.info("Edition {} of {} is no longer built here", state.edition(), group);
        } catch (RuntimeException failure) {
            LOG.error("{} could not be rebuilt", group, failure);
            end(State.FAILED, "It could not be built; the log of the instance that tried says why.");
        } finally {
            close();
        }
    }

    /** Tells others that somebody is at it, and hears what operators want. */
    synchronized void beat() {
        EditionProcessors.Building started = building;
        Optional<Rebuild> known;
        if (started == null) {
            known = editions().beat(group, state, null, null, 0, null, 0);
        } else {
            note(started);
            known = editions().beat(group, state, progress.position(), progress.head(), progress.perSecond(), progress.secondsLeft(),
                    processors.deadLetters(group).size(edition()));
        }
        known.ifPresentOrElse(now -> state = now, () -> isLost = state.state().isUnderWay());
    }

    /** Ends the work here, so that another instance can go on with it. */
    void stop() throws InterruptedException {
        stopping.countDown();
        if (stopped.await(10, TimeUnit.SECONDS)) {
            editions().leave(group, state);
        }
    }

    private void prepare() {
        if (state.prepared()) {
            return;
        }
        Edition current = editions().current(group);
        database.dropUnused().block();
        database.prepare(edition());
        TrackingToken start = start(current);
        if (state.from() != null) {
            database.copy(current, edition());
            processors.deadLetters(group).copy(current, edition(), position(start) + 1);
        }
        Collection<Integer> segments = tokens.positions(current).keySet();
        tokens.begin(edition(), segments.isEmpty() ? List.of(0) : segments, start);
        change(() -> editions().prepared(group, state));
    }

    /** Not after what the old copy has seen: what it lacks has to be handled for the new one. */
    private @Nullable TrackingToken start(Edition current) {
        if (state.from() == null) {
            return events.createTailToken();
        }
        TrackingToken asked = StartingPoint.parse(state.from(), events);
        long seen = tokens.positions(current).values().stream().mapToLong(token -> position(token.orElse(null))).min().orElse(-1);
        return seen < position(asked) ? new GlobalSequenceTrackingToken(seen) : asked;
    }

    private void compare() {
        change(() -> editions().comparing(group, state));
        Comparison comparison = database.compare(editions().current(group), edition());
        persistently(comparison::look);
        for (int look = 1; look < MOST_LOOKS && comparison.found() > 0; look++) {
            step();
            persistently(comparison::lookAgain);
        }
        if (comparison.found() > 0) {
            LOG.warn("{} documents of {} differ from what they were before: say switch or abandon", comparison.found(), group);
            change(() -> editions().waiting(group, state, comparison.differences(DIFFERENCES_SHOWN), comparison.found()));
            waitUntil(() -> state.wish() == Wish.SWITCH);
            waitUntil(this::hasCaughtUp);
        }
    }

    private void switchOver() {
        // what is told of it from now on is how it ended
        persistently(this::beat);
        change(() -> editions().switchOver(group, state, clock.instant()));
        LOG.info("{} is read in edition {}", group, state.edition());
        for (int step = 0; step < STEPS_UNTIL_ALL_KNOW; step++) {
            step();
        }
    }

    private boolean hasCaughtUp() {
        EditionProcessors.Building started = building;
        if (started == null) {
            return false;
        }
        Collection<EventTrackerStatus> segments = started.processor().processingStatus().values();
        if (!segments.stream().allMatch(segment -> segment.isCaughtUp() && !segment.isErrorState()) || segments.size() != tokens.positions(edition()).size()) {
            return false;
        }
        note(started);
        return progress.hasCaughtUp() && tokens.hasWritten(edition());
    }

    private void note(EditionProcessors.Building started) {
        progress.note(lowest(started.processor().processingStatus()), head());
    }

    private void waitUntil(Supplier<Boolean> condition) {
        do {
            pause(LOOK_MILLIS);
        } while (!Boolean.TRUE.equals(condition.get()));
    }

    private void step() {
        pause(STEP_MILLIS);
    }

    /** A moment, unless the work is at its end. */
    private void pause(long millis) {
        try {
            if (stopping.await(millis, TimeUnit.MILLISECONDS) || isLost) {
                throw new EndedException();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new EndedException();
        }
        if (state.wish() == Wish.ABANDON && state.state().isUnderWay()) {
            end(State.ABANDONED, null);
            throw new EndedException();
        }
    }

    /** Again and again while a server is away. */
    private void persistently(Runnable work) {
        for (int tries = 1; ; tries++) {
            try {
                work.run();
                return;
            } catch (EndedException ended) {
                throw ended;
            } catch (RuntimeException failure) {
                if (tries == MOST_TRIES) {
                    throw failure;
                }
                LOG.debug("{} is tried again", group, failure);
                step();
            }
        }
    }

    private void change(Supplier<Optional<Rebuild>> change) {
        persistently(() -> {
            synchronized (this) {
                state = change.get().orElseThrow(EndedException::new);
            }
        });
    }

    private synchronized void end(State as, @Nullable String error) {
        Optional<Rebuild> ended = editions().end(group, state, as, error);
        ended.ifPresent(now -> {
            state = now;
            close();
            database.drop(edition()).block();
        });
    }

    private void close() {
        EditionProcessors.Building started = building;
        if (started != null) {
            started.close();
            building = null;
        }
        stopped.countDown();
    }

    boolean isOver() {
        return stopped.getCount() == 0;
    }

    private Editions editions() {
        return database.editions();
    }

    private Edition edition() {
        return state.editionOf(group);
    }

    private @Nullable Long head() {
        TrackingToken head = events.createHeadToken();
        return head == null ? null : position(head);
    }

    /** Where the segment is that is furthest behind; one that is not claimed is where its token was left. */
    private @Nullable Long lowest(Map<Integer, EventTrackerStatus> claimed) {
        return claimed.isEmpty() ? null
                : (Long) tokens.positions(edition()).entrySet().stream().mapToLong(segment -> claimed.containsKey(segment.getKey())
                        ? claimed.get(segment.getKey()).getCurrentPosition().orElse(-1) : position(segment.getValue().orElse(null))).min().orElse(-1);
    }

    private static long position(@Nullable TrackingToken token) {
        return token == null ? -1 : token.position().orElse(-1);
    }
}
