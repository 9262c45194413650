package jangter.platform.messaging;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** How far a processor is, and how fast: over the last seconds. */
final class Progress {

    private static final Duration LAST = Duration.ofSeconds(5);
    /** A server tells now and then only of events that were said to be of no interest: a processor that has seen all stays behind by some. */
    private static final Duration AT_REST = Duration.ofSeconds(2);
    private static final long UNTOLD_AT_MOST = 2_000;
    private static final Duration AT_REST_FOR_GOOD = Duration.ofSeconds(20);

    private final Clock clock;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private @Nullable Long head;
    private @Nullable Instant movedAt;

    private record Sample(Instant at, long position) {
    }

    Progress(Clock clock) {
        this.clock = clock;
    }

    synchronized void note(@Nullable Long position, @Nullable Long newHead) {
        Instant now = clock.instant();
        head = newHead;
        if (position == null) {
            return;
        }
        if (samples.isEmpty() || samples.getLast().position() != position) {
            movedAt = now;
        }
        samples.add(new Sample(now, position));
        while (samples.size() > 2 && samples.getFirst().at().isBefore(now.minus(LAST))) {
            samples.removeFirst();
        }
    }

    synchronized @Nullable Long position() {
        return samples.isEmpty() ? null : (Long) samples.getLast().position();
    }

    synchronized @Nullable Long head() {
        return head;
    }

    synchronized long perSecond() {
        if (samples.size() < 2) {
            return 0;
        }
        long millis = Math.max(1, Duration.between(samples.getFirst().at(), samples.getLast().at()).toMillis());
        return Math.max(0, samples.getLast().position() - samples.getFirst().position()) * 1000 / millis;
    }

    synchronized @Nullable Long secondsLeft() {
        long perSecond = perSecond();
        return lag() == 0 ? Long.valueOf(0) : perSecond == 0 ? null : (Long) ((lag() + perSecond - 1) / perSecond);
    }

    synchronized boolean hasCaughtUp() {
        Instant moved = movedAt;
        if (samples.isEmpty() || moved == null) {
            return false;
        }
        Duration still = Duration.between(moved, clock.instant());
        return lag() == 0 || lag() <= UNTOLD_AT_MOST && still.compareTo(AT_REST) >= 0 || still.compareTo(AT_REST_FOR_GOOD) >= 0;
    }

    private long lag() {
        Long newest = head;
        return newest == null || samples.isEmpty() ? 0 : Math.max(0, newest - samples.getLast().position());
    }
}
