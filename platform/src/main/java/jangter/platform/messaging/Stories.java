package jangter.platform.messaging;

import io.axoniq.axonserver.connector.event.AggregateEventStream;
import java.util.Iterator;
import org.axonframework.axonserver.connector.AxonServerConnectionManager;
import org.axonframework.axonserver.connector.event.axon.AxonServerEventStore;
import org.axonframework.axonserver.connector.event.axon.GrpcBackedDomainEventData;
import org.axonframework.axonserver.connector.event.axon.GrpcMetaDataAwareSerializer;
import org.axonframework.config.Configuration;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.EventStreamUtils;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Stretches of aggregates' events. Axon's event store tells an aggregate's events up to the last, whether they are wanted or not; Axon Server
 * itself can be asked for some of ten thousand, and told that no more are wanted.
 */
final class Stories {

    private final Configuration axon;
    private final EventStore events;
    private final ObjectProvider<AxonServerConnectionManager> axonServer;

    Stories(Configuration axon, EventStore events, ObjectProvider<AxonServerConnectionManager> axonServer) {
        this.axon = axon;
        this.events = events;
        this.axonServer = axonServer;
    }

    /** Events one after the other, until it is closed. */
    interface Story extends Iterator<DomainEventMessage<?>>, AutoCloseable {

        @Override
        void close();
    }

    /** The events from one sequence number to before another. */
    Story of(String aggregateId, long from, long until) {
        return events instanceof AxonServerEventStore ? fromAxonServer(aggregateId, from, until)
                : story(events.readEvents(aggregateId, from).asStream().iterator(), () -> { });
    }

    private Story fromAxonServer(String aggregateId, long from, long until) {
        AggregateEventStream stream = axonServer.getObject().getConnection().eventChannel().openAggregateStream(aggregateId, from, until);
        return story(EventStreamUtils.upcastAndDeserializeDomainEvents(stream.asStream().map(GrpcBackedDomainEventData::new),
                new GrpcMetaDataAwareSerializer(axon.eventSerializer()), axon.upcasterChain()).asStream().iterator(), stream::cancel);
    }

    private static Story story(Iterator<? extends DomainEventMessage<?>> told, Runnable close) {
        return new Story() {

            @Override
            public boolean hasNext() {
                return told.hasNext();
            }

            @Override
            public DomainEventMessage<?> next() {
                return told.next();
            }

            @Override
            public void close() {
                close.run();
            }
        };
    }
}
