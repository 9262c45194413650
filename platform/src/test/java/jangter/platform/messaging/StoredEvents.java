package jangter.platform.messaging;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventEntry;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedDomainEventData;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.AbstractEventStorageEngine;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;

/** An event store in memory that holds what is stored, as JSON, rather than objects: so events can be put there as another version would. */
public final class StoredEvents extends AbstractEventStorageEngine {

    private final List<DomainEventData<String>> stored = new CopyOnWriteArrayList<>();

    public StoredEvents(Serializer serializer, EventUpcaster upcasters) {
        super(new Builder() {
        }.eventSerializer(serializer).snapshotSerializer(serializer).upcasterChain(upcasters));
    }

    /** Puts an event there as it is. */
    public void add(String aggregate, long sequenceNumber, String type, String revision, String json) {
        stored.add(new GenericDomainEventEntry<>("Thing", aggregate, sequenceNumber, UUID.randomUUID().toString(), Instant.parse("2026-11-22T10:00:00Z"),
                type, revision, json, "{}"));
    }

    @Override
    protected void appendEvents(List<? extends EventMessage<?>> events, Serializer serializer) {
        for (EventMessage<?> event : events) {
            var payload = event.serializePayload(serializer, String.class);
            var metaData = event.serializeMetaData(serializer, String.class);
            String aggregate = event instanceof DomainEventMessage<?> domain ? domain.getAggregateIdentifier() : event.getIdentifier();
            long number = event instanceof DomainEventMessage<?> domain ? domain.getSequenceNumber() : 0;
            stored.add(new GenericDomainEventEntry<>("Thing", aggregate, number, event.getIdentifier(), event.getTimestamp(),
                    payload.getType().getName(), payload.getType().getRevision(), payload.getData(), metaData.getData()));
        }
    }

    @Override
    protected Stream<? extends TrackedEventData<?>> readEventData(TrackingToken after, boolean mayBlock) {
        long first = after == null ? 0 : after.position().orElse(-1) + 1;
        return LongStream.range(first, stored.size()).mapToObj(at -> new TrackedDomainEventData<>(new GlobalSequenceTrackingToken(at), stored.get((int) at)));
    }

    @Override
    protected Stream<? extends DomainEventData<?>> readEventData(String aggregate, long firstSequenceNumber) {
        return stored.stream().filter(event -> event.getAggregateIdentifier().equals(aggregate) && event.getSequenceNumber() >= firstSequenceNumber);
    }

    @Override
    protected void storeSnapshot(DomainEventMessage<?> snapshot, Serializer serializer) {
    }

    @Override
    protected Stream<? extends DomainEventData<?>> readSnapshotData(String aggregate) {
        return Stream.empty();
    }

    @Override
    public TrackingToken createTailToken() {
        return new GlobalSequenceTrackingToken(-1);
    }

    @Override
    public TrackingToken createHeadToken() {
        return new GlobalSequenceTrackingToken(stored.size() - 1L);
    }

    @Override
    public TrackingToken createTokenAt(Instant at) {
        return createHeadToken();
    }

    @Override
    public Optional<Long> lastSequenceNumberFor(String aggregate) {
        OptionalLong last = readEventData(aggregate, 0).mapToLong(DomainEventData::getSequenceNumber).max();
        return last.isPresent() ? Optional.of(last.getAsLong()) : Optional.empty();
    }
}
