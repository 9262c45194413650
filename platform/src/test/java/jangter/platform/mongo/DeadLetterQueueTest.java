package jangter.platform.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import jangter.kernel.OrderId;
import jangter.order.api.CancelReason;
import jangter.order.api.OrderEvent.OrderCancelled;
import jangter.platform.messaging.Serializers;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericTrackedDomainEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.deadletter.DeadLetter;
import org.axonframework.messaging.deadletter.GenericDeadLetter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadLetterQueueTest {

    private static final String ORDER = "order-1";

    private final MongoServer server = new MongoServer(H2Backend.inMemory());
    private final MongoClient client = MongoClients.create("mongodb://127.0.0.1:" + server.bind().getPort());
    private final DeadLetterQueue queue = new DeadLetterQueue(client, "order-views", Serializers.json(), group -> new Edition(group, 0));

    @AfterEach
    void stop() {
        client.close();
        server.shutdownNow();
    }

    @Test
    void what_follows_a_failed_event_waits_behind_it_and_other_sequences_do_not() {
        queue.enqueue(ORDER, failed(5));

        assertThat(comes(6)).isTrue();
        assertThat(comes(9)).isTrue();
        assertThat(queue.enqueueIfPresent("order-2", () -> letter(7))).isFalse();
        assertThat(waiting()).containsExactly(5L, 6L, 9L);
    }

    @Test
    void a_batch_that_comes_again_after_a_crash_adds_nothing_twice_and_puts_nothing_behind_what_followed_it() {
        queue.enqueue(ORDER, failed(5));
        comes(6);

        assertThat(comes(3)).as("was handled before the failed one").isFalse();
        assertThat(comes(5)).isTrue();
        assertThat(comes(6)).isTrue();
        assertThat(comes(7)).isTrue();
        assertThat(waiting()).containsExactly(5L, 6L, 7L);
    }

    @Test
    void a_sequence_is_kept_by_its_text_so_that_it_can_be_named() {
        queue.enqueue(new OrderId(ORDER), failed(5));

        assertThat(queue.sequences()).extracting(DeadLetterQueue.Sequence::sequence).containsExactly(ORDER);
        assertThat(queue.contains(new OrderId(ORDER))).isTrue();
    }

    @Test
    void each_processor_has_a_queue_of_its_own() {
        queue.enqueue(ORDER, failed(5));

        DeadLetterQueue other = new DeadLetterQueue(client, "order-catalogue", Serializers.json(), group -> new Edition(group, 0));

        assertThat(other.sequences()).isEmpty();
        other.clear();
        assertThat(queue.sequences()).hasSize(1);
        assertThat(queue.drop(ORDER)).isTrue();
        assertThat(queue.drop(ORDER)).isFalse();
    }

    private boolean comes(long position) {
        return queue.enqueueIfPresent(ORDER, () -> letter(position));
    }

    private List<Long> waiting() {
        List<Long> positions = new ArrayList<>();
        for (DeadLetter<? extends EventMessage<?>> letter : queue.deadLetterSequence(ORDER)) {
            positions.add(((TrackedEventMessage<?>) letter.message()).trackingToken().position().orElseThrow());
        }
        return positions;
    }

    private static DeadLetter<EventMessage<?>> failed(long position) {
        return new GenericDeadLetter<>(ORDER, event(position), new IllegalStateException("Cannot"));
    }

    private static DeadLetter<EventMessage<?>> letter(long position) {
        return new GenericDeadLetter<>(ORDER, event(position));
    }

    private static EventMessage<?> event(long position) {
        return new GenericTrackedDomainEventMessage<>(new GlobalSequenceTrackingToken(position), new GenericDomainEventMessage<>("Order", ORDER, position,
                new OrderCancelled(new OrderId(ORDER), CancelReason.EXPIRED)));
    }
}
