package jangter.launcher;

import io.axoniq.axonserver.connector.AxonServerConnectionFactory;
import io.axoniq.axonserver.connector.event.EventStream;
import io.axoniq.axonserver.connector.impl.ServerAddress;
import io.axoniq.axonserver.grpc.event.EventWithToken;
import jangter.checkout.api.CheckoutEvent.CheckoutParked;
import jangter.kernel.PaymentId;
import jangter.order.api.OrderEvent.OrderCompleted;
import jangter.order.api.OrderEvent.PaymentFailed;
import jangter.order.api.OrderEvent.PaymentRequested;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Reads the store's events as they come, through a wire of its own, and so knows which checkouts are under way at any time, and what has
 * been shown to someone and must therefore never be missing.
 */
final class EventLog implements AutoCloseable {

    private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(50);
    private static final Duration NEWS_WITHIN = Duration.ofMillis(200);

    private final AxonServerConnectionFactory factory;
    private final Thread reader;
    private final Set<PaymentId> underWay = new HashSet<>();
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean closed;

    /** @param port where Axon Server, or the wire to it, is */
    EventLog(int port) {
        this.factory = AxonServerConnectionFactory.forClient("jangter-chaos").routingServers(new ServerAddress("127.0.0.1", port))
                .reconnectInterval(200, TimeUnit.MILLISECONDS).connectTimeout(2, TimeUnit.SECONDS).build();
        this.reader = new Thread(this::readOn, "event-log");
        reader.setDaemon(true);
        reader.start();
    }

    /** The checkouts that were begun and have neither ended nor been parked. */
    Set<PaymentId> underWay() {
        synchronized (underWay) {
            return Set.copyOf(underWay);
        }
    }

    /** Waits until none of these is under way any more; what still is when patience ends. */
    Set<PaymentId> await(Set<PaymentId> checkouts, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        Set<PaymentId> left = still(checkouts);
        while (!left.isEmpty() && System.nanoTime() < end) {
            ShopClient.pause(LOOK_AGAIN_AFTER);
            left = still(left);
        }
        return left;
    }

    private Set<PaymentId> still(Set<PaymentId> checkouts) {
        Set<PaymentId> left = new HashSet<>(checkouts);
        left.retainAll(underWay());
        return left;
    }

    /** The ids of all events that were read, by their place in the store. */
    List<String> seen() {
        synchronized (seen) {
            return List.copyOf(seen);
        }
    }

    private void readOn() {
        while (!closed) {
            try (EventStream stream = factory.connect("default").eventChannel().openStream(seen.size() - 1L, 1_000)) {
                while (!closed && !stream.isClosed()) {
                    EventWithToken next = stream.nextIfAvailable(NEWS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
                    if (next != null) {
                        read(StoredEvent.of(next));
                    }
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException away) {
                // it is looked for again
            }
            ShopClient.pause(LOOK_AGAIN_AFTER);
        }
    }

    private void read(StoredEvent event) {
        seen.add(event.id());
        synchronized (underWay) {
            if (event.payload() instanceof PaymentRequested requested) {
                underWay.add(requested.paymentId());
            } else if (event.payload() instanceof OrderCompleted completed) {
                underWay.remove(completed.paymentId());
            } else if (event.payload() instanceof PaymentFailed failed) {
                underWay.remove(failed.paymentId());
            } else if (event.payload() instanceof CheckoutParked parked) {
                underWay.remove(parked.paymentId());
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        factory.shutdown();
    }
}
