package jangter.launcher.inside;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How many events there are at present, by those of the last tenth of a second that is over, or of the one that is running if they are more already. */
final class EventPace {

    private static final Duration SLOT = Duration.ofMillis(100);
    private static final long SLOTS_A_SECOND = Duration.ofSeconds(1).dividedBy(SLOT);

    private final LongSupplier nanoTime;
    private long slot;
    private long running;
    private long before;

    EventPace(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized void count(int events) {
        turn();
        running += events;
    }

    synchronized boolean isAtLeast(int aSecond) {
        turn();
        return Math.max(running, before) * SLOTS_A_SECOND >= aSecond;
    }

    private void turn() {
        long now = nanoTime.getAsLong() / SLOT.toNanos();
        if (now != slot) {
            before = now == slot + 1 ? running : 0;
            running = 0;
            slot = now;
        }
    }
}
