package jangter.platform.messaging;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

/**
 * The events as processors read them: while Axon Server is away a stream is waited for, on the processor's own thread. Without that each try
 * to open one would fail, and Axon waits twice as long after each failure, up to a minute: so much later than Axon Server every checkout
 * would be back.
 */
final class PatientEvents implements StreamableMessageSource<TrackedEventMessage<?>>, ApplicationListener<ContextClosedEvent> {

    private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(100);

    private final StreamableMessageSource<TrackedEventMessage<?>> events;
    private final BooleanSupplier there;
    private final Duration patience;
    private final CountDownLatch closing = new CountDownLatch(1);

    /**
     * @param there whether Axon Server is
     * @param patience after which it is tried all the same
     */
    PatientEvents(StreamableMessageSource<TrackedEventMessage<?>> events, BooleanSupplier there, Duration patience) {
        this.events = events;
        this.there = there;
        this.patience = patience;
    }

    @Override
    public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken token) {
        awaitAxonServer();
        return events.openStream(token);
    }

    private void awaitAxonServer() {
        long end = System.nanoTime() + patience.toNanos();
        try {
            while (!there.getAsBoolean() && System.nanoTime() < end && !closing.await(LOOK_AGAIN_AFTER.toMillis(), TimeUnit.MILLISECONDS)) {
                continue;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nobody waits any more: the service stops. */
    void close() {
        closing.countDown();
    }

    @Override
    public void onApplicationEvent(ContextClosedEvent closed) {
        close();
    }

    @Override
    public TrackingToken createTailToken() {
        return events.createTailToken();
    }

    @Override
    public TrackingToken createHeadToken() {
        return events.createHeadToken();
    }

    @Override
    public TrackingToken createTokenAt(Instant dateTime) {
        return events.createTokenAt(dateTime);
    }
}
