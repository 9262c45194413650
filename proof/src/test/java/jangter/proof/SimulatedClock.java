package jangter.proof;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.axonframework.eventhandling.GenericEventMessage;

/** The framework's clock while a world is simulated: it shows what the world that acts says. */
final class SimulatedClock extends Clock implements AutoCloseable {

    private final Clock before = GenericEventMessage.clock;
    private Instant now = Instant.EPOCH;

    SimulatedClock() {
        GenericEventMessage.clock = this;
    }

    void show(Instant instant) {
        now = instant;
    }

    @Override
    public void close() {
        GenericEventMessage.clock = before;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
