package jangter.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecentEventsTest {

    private final EmbeddedEventStore store = EmbeddedEventStore.builder().storageEngine(new InMemoryEventStorageEngine()).build();
    private final RecentEvents recent = new RecentEvents(store);

    @AfterEach
    void close() {
        store.shutDown();
    }

    @Test
    void only_events_of_types_that_matter_are_behind() {
        tell("text", 1, 2, "text", 3);
        recent.look(4);

        assertThat(recent.between(-1, 4, String.class::equals)).isEqualTo(2);
        assertThat(recent.between(0, 4, String.class::equals)).isEqualTo(1);
        assertThat(recent.between(3, 4, String.class::equals)).isZero();
        assertThat(recent.between(3, 4, Integer.class::equals)).isEqualTo(1);
        assertThat(recent.between(4, 4, type -> true)).isZero();

        tell(4, 5, "text");
        recent.look(7);
        assertThat(recent.between(3, 7, String.class::equals)).isEqualTo(1);
        assertThat(recent.between(7, 7, type -> true)).isZero();
    }

    @Test
    void what_is_further_back_than_is_remembered_counts_whatever_it_is() {
        tell(IntStream.range(0, 5_000).boxed().toArray());
        recent.look(4_999);
        assertThat(recent.between(-1, 4_999, String.class::equals)).isEqualTo(3_000);
        assertThat(recent.between(3_500, 4_999, String.class::equals)).isZero();

        tell(IntStream.range(0, 1_500).boxed().toArray());
        recent.look(6_499);
        assertThat(recent.between(4_400, 6_499, String.class::equals)).isEqualTo(99);
        assertThat(recent.between(4_400, 6_499, Integer.class::equals)).isEqualTo(2_099);
    }

    @Test
    void what_was_not_looked_at_yet_counts_whatever_it_is() {
        tell(1, 2, 3);
        recent.look(1);
        assertThat(recent.between(1, 2, String.class::equals)).isEqualTo(1);
    }

    private void tell(Object... payloads) {
        for (Object payload : payloads) {
            store.publish(GenericEventMessage.asEventMessage(payload));
        }
    }
}
