package jangter.platform;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The system's clock, which a test can set forward. */
public final class MovableClock extends Clock {

    private volatile Duration ahead = Duration.ZERO;
    private volatile Clock running = Clock.systemUTC();

    public void forward(Duration by) {
        ahead = ahead.plus(by);
    }

    /** From now on it moves by {@link #forward} alone. */
    public void stop() {
        running = Clock.fixed(running.instant(), ZoneOffset.UTC);
    }

    public void reset() {
        ahead = Duration.ZERO;
        running = Clock.systemUTC();
    }

    @Override
    public Instant instant() {
        return running.instant().plus(ahead);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new IllegalStateException("This clock tells instants alone");
    }
}
