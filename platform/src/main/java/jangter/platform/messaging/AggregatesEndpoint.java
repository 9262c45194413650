package jangter.platform.messaging;

import jangter.platform.messaging.PastStates.Moment;
import org.axonframework.config.Configuration;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * The time machine of this service's aggregates, at {@code /actuator/aggregates/{id}}: the state after the last event, or with
 * {@code ?at=n} after the event of that sequence number (from 0), and what that event changed. 404 for what is not this service's.
 */
@Endpoint(id = "aggregates")
class AggregatesEndpoint {

    private final PastStates past;

    AggregatesEndpoint(Configuration axon, EventStore events, Stories stories, Serializer serializer) {
        this.past = new PastStates(axon, events, stories, serializer);
    }

    @ReadOperation
    @Nullable Moment one(@Selector String aggregateId, @Nullable Long at) {
        return past.at(aggregateId, at).orElse(null);
    }
}
