package jangter.launcher.inside;

import jangter.axonserver.store.Block;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.jspecify.annotations.Nullable;

/** One processor's way through the events, which it follows by itself as far as it likes. Read by one thread at a time. */
final class InsideStream implements TrackingEventStream {

    /** After so many that were passed over one is handed out all the same, and at the end the last one, so that the reader's token advances. */
    private static final int PASSED_OVER_AT_MOST = 1_000;

    private final InsideEventStore events;
    private final Set<Class<?>> unwanted = ConcurrentHashMap.newKeySet();
    /** Of the block that it begins in, what comes before is not for it. */
    private final long first;
    private volatile long next;
    private Iterator<Block> blocks = Collections.emptyIterator();
    private Iterator<TrackedEventMessage<?>> messages = Collections.emptyIterator();
    private int passedOver;
    private @Nullable TrackedEventMessage<?> lastPassedOver;
    private @Nullable TrackedEventMessage<?> peeked;
    private volatile @Nullable Runnable wake;
    /** Whether there was nothing more when it looked; then it is passed by what it does not want. Guarded by this, as the next two. */
    private boolean isAtEnd;
    private int leftOut;
    private @Nullable TrackedEventMessage<?> lastLeftOut;

    /** @param first the position of the first event that it hands out */
    InsideStream(InsideEventStore events, long first) {
        this.events = events;
        this.first = first;
        this.next = first;
    }

    /** By the thread that sees what is appended. */
    void tell(Block block, List<TrackedEventMessage<?>> appended) {
        boolean isWanted = appended.stream().anyMatch(message -> !unwanted.contains(message.getPayloadType()));
        if (isWanted) {
            wake();
        } else {
            leaveOut(block, appended);
        }
    }

    private void wake() {
        Runnable reader = wake;
        synchronized (this) {
            notifyAll();
        }
        if (reader != null) {
            reader.run();
        }
    }

    /** Who stands at the end need not come for what it does not want: it looks by itself now and then, and until then all of it would be kept for it. */
    private synchronized void leaveOut(Block block, List<TrackedEventMessage<?>> appended) {
        if (isAtEnd && next == block.firstToken()) {
            next = block.lastToken() + 1;
            leftOut += appended.size();
            lastLeftOut = appended.get(appended.size() - 1);
        }
    }

    /** All before this position it has at hand, and asks for no more. */
    long next() {
        return next;
    }

    @Override
    public Optional<TrackedEventMessage<?>> peek() {
        if (peeked == null) {
            peeked = nextWanted();
        }
        return Optional.ofNullable(peeked);
    }

    private @Nullable TrackedEventMessage<?> nextWanted() {
        while (true) {
            TrackedEventMessage<?> message = nextStored();
            if (message == null || !unwanted.contains(message.getPayloadType()) || passedOver >= PASSED_OVER_AT_MOST) {
                TrackedEventMessage<?> handedOut = message == null ? lastPassedOver : message;
                passedOver = 0;
                lastPassedOver = null;
                return handedOut;
            }
            passedOver++;
            lastPassedOver = message;
        }
    }

    private @Nullable TrackedEventMessage<?> nextStored() {
        while (true) {
            while (messages.hasNext()) {
                TrackedEventMessage<?> message = messages.next();
                if (message.trackingToken().position().orElseThrow() >= first) {
                    return message;
                }
            }
            if (!blocks.hasNext()) {
                TrackedEventMessage<?> left = readOn();
                if (left != null || !blocks.hasNext()) {
                    return left;
                }
            }
            Block block = blocks.next();
            messages = events.messages(block).iterator();
            next = block.lastToken() + 1;
        }
    }

    /** Of what was left out meanwhile, the last one stands for all. */
    private synchronized @Nullable TrackedEventMessage<?> readOn() {
        TrackedEventMessage<?> left = lastLeftOut;
        if (left == null) {
            blocks = events.blocks(next).iterator();
            isAtEnd = !blocks.hasNext();
        } else {
            passedOver += leftOut - 1;
            leftOut = 0;
            lastLeftOut = null;
        }
        return left;
    }

    @Override
    public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
        long end = System.nanoTime() + unit.toNanos(timeout);
        synchronized (this) {
            for (long left = unit.toMillis(timeout); peek().isEmpty() && left > 0; left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
                wait(left);
            }
        }
        return peek().isPresent();
    }

    @Override
    public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
        while (!hasNextAvailable(1, TimeUnit.DAYS)) {
            continue;
        }
        TrackedEventMessage<?> message = peek().orElseThrow();
        peeked = null;
        return message;
    }

    @Override
    public void skipMessagesWithPayloadTypeOf(TrackedEventMessage<?> ignored) {
        unwanted.add(ignored.getPayloadType());
    }

    @Override
    public boolean setOnAvailableCallback(Runnable callback) {
        wake = callback;
        callback.run();
        return true;
    }

    @Override
    public void close() {
        wake = null;
        events.closed(this);
    }
}
