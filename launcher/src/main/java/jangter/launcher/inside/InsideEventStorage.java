package jangter.launcher.inside;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jangter.axonserver.store.Block;
import jangter.axonserver.store.EventStore;
import jangter.axonserver.store.NewEvent;
import jangter.axonserver.store.StoredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.axonframework.axonserver.connector.event.axon.GrpcMetaDataAwareSerializer;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventUtils;
import org.axonframework.eventhandling.GenericTrackedDomainEventMessage;
import org.axonframework.eventhandling.GenericTrackedEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedDomainEventData;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.AbstractEventStorageEngine;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events as Axon has them, in the store of an Axon Server in this JVM: the same bytes, tokens and rules as over its port, so one may go from one way to
 * the other.
 */
final class InsideEventStorage extends AbstractEventStorageEngine {

    private static final Logger LOG = LoggerFactory.getLogger(InsideEventStorage.class);
    private static final String TRANSACTION = InsideEventStorage.class.getName();
    private static final int PAGE_BYTES = 128 * 1024;
    private static final int SNAPSHOTS_AT_ONCE = 1;
    private static final int MOST_UNREAD = 10_000;

    private final EventStore store;
    private final Appends appends;
    private final WireEvents wire;
    private final EventUpcaster upcasters;
    /** By their identifiers, until they are read. Tidied by whoever comes: to wake another thread for it takes longer than to do it. */
    private final Cache<String, EventMessage<?>> asPublished = Caffeine.newBuilder().maximumSize(MOST_UNREAD).executor(Runnable::run).build();

    private InsideEventStorage(Builder builder) {
        super(builder);
        this.store = builder.store;
        this.appends = builder.appends;
        this.wire = builder.wire;
        this.upcasters = builder.upcasters;
    }

    static InsideEventStorage of(EventStore store, Appends appends, WireEvents wire, Serializer snapshots, EventUpcaster upcasters) {
        Builder builder = new Builder(store, appends, wire, upcasters);
        builder.eventSerializer(wire.reading());
        builder.snapshotSerializer(new GrpcMetaDataAwareSerializer(snapshots));
        builder.upcasterChain(upcasters);
        return new InsideEventStorage(builder);
    }

    // --- written

    /** All that a unit of work publishes is one transaction. */
    @Override
    protected void appendEvents(List<? extends EventMessage<?>> events, Serializer serializer) {
        List<NewEvent> appended = events.stream().map(wire::written).toList();
        events.forEach(event -> asPublished.put(event.getIdentifier(), event));
        if (CurrentUnitOfWork.isStarted()) {
            UnitOfWork<?> root = CurrentUnitOfWork.get().root();
            root.<List<NewEvent>>getOrComputeResource(TRANSACTION, key -> inTransaction(root)).addAll(appended);
        } else {
            appends.append(appended);
        }
    }

    private List<NewEvent> inTransaction(UnitOfWork<?> root) {
        List<NewEvent> transaction = new ArrayList<>();
        root.onCommit(committing -> appends.append(transaction));
        return transaction;
    }

    /**
     * None is needed, so it is not waited for. It may be of what is not on disk yet: then it follows what it was made of, and is not stored if that is
     * refused.
     */
    @Override
    protected void storeSnapshot(DomainEventMessage<?> snapshot, Serializer serializer) {
        NewEvent written = wire.written(snapshot, serializer);
        appends.lastOf(snapshot.getAggregateIdentifier()).thenCompose(onDisk -> store.appendSnapshot(written)).exceptionally(failure -> {
            LOG.warn("The snapshot of {} could not be stored: {}", snapshot.getAggregateIdentifier(), failure.getMessage());
            return null;
        });
    }

    // --- read by aggregate

    @Override
    protected Stream<? extends DomainEventData<?>> readEventData(String aggregate, long firstSequence) {
        appends.settle(aggregate);
        return stream(new Pages(aggregate, firstSequence)).map(WireEvents::data);
    }

    /** An aggregate's events, page by page, as far as somebody reads. */
    private final class Pages implements Iterator<StoredEvent> {

        private final String aggregate;
        private long next;
        private Iterator<StoredEvent> page = List.<StoredEvent>of().iterator();
        private boolean ended;

        Pages(String aggregate, long first) {
            this.aggregate = aggregate;
            this.next = first;
        }

        @Override
        public boolean hasNext() {
            if (!page.hasNext() && !ended) {
                page = store.readAggregate(aggregate, next, PAGE_BYTES).iterator();
                ended = !page.hasNext();
            }
            return page.hasNext();
        }

        @Override
        public StoredEvent next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            StoredEvent event = page.next();
            next = event.position() + 1;
            return event;
        }
    }

    @Override
    protected Stream<? extends DomainEventData<?>> readSnapshotData(String aggregate) {
        appends.settle(aggregate);
        return Stream.iterate(newestSnapshot(aggregate, Long.MAX_VALUE), found -> found != null,
                found -> newestSnapshot(aggregate, found.position() - 1)).map(WireEvents::data);
    }

    private @Nullable StoredEvent newestSnapshot(String aggregate, long upTo) {
        return upTo < 0 ? null : store.readSnapshots(aggregate, 0, upTo, SNAPSHOTS_AT_ONCE).stream().findFirst().orElse(null);
    }

    @Override
    public Optional<Long> lastSequenceNumberFor(String aggregate) {
        appends.settle(aggregate);
        long highest = store.highestSequence(aggregate);
        return highest < 0 ? Optional.empty() : Optional.of(highest);
    }

    // --- read by position

    /**
     * The events of a block, each with its token, as handlers get them. Those that were published by this process a moment ago are what was published, and need not be
     * made of their bytes.
     */
    List<TrackedEventMessage<?>> messages(Block block) {
        List<TrackedEventMessage<?>> messages = new ArrayList<>(block.size());
        List<TrackedEventData<byte[]>> unknown = new ArrayList<>();
        for (StoredEvent stored : block.from(block.firstToken())) {
            EventMessage<?> published = asPublished.asMap().remove(WireEvents.identifier(stored));
            if (published == null) {
                unknown.add(tracked(stored));
            } else {
                addMade(unknown, messages);
                messages.add(tracked(token(stored), published));
            }
        }
        addMade(unknown, messages);
        return messages;
    }

    private void addMade(List<TrackedEventData<byte[]>> stored, List<TrackedEventMessage<?>> messages) {
        if (!stored.isEmpty()) {
            EventUtils.upcastAndDeserializeTrackedEvents(stored.stream(), getEventSerializer(), upcasters).forEach(messages::add);
            stored.clear();
        }
    }

    private static TrackedEventData<byte[]> tracked(StoredEvent event) {
        return new TrackedDomainEventData<>(token(event), WireEvents.data(event));
    }

    private static TrackingToken token(StoredEvent event) {
        return new GlobalSequenceTrackingToken(event.position());
    }

    /** The store keeps time in milliseconds. */
    private static <T> TrackedEventMessage<T> tracked(TrackingToken token, EventMessage<T> published) {
        Instant at = Instant.ofEpochMilli(published.getTimestamp().toEpochMilli());
        Message<T> message = withoutItsBytes(published);
        return published instanceof DomainEventMessage<?> event
                ? new GenericTrackedDomainEventMessage<>(token, event.getType(), event.getAggregateIdentifier(), event.getSequenceNumber(), message, () -> at)
                : new GenericTrackedEventMessage<>(token, message, () -> at);
    }

    /** What is published remembers as what it was written. */
    private static <T> Message<T> withoutItsBytes(EventMessage<T> published) {
        return new GenericMessage<>(published.getIdentifier(), published.getPayloadType(), published.getPayload(), published.getMetaData());
    }

    @Override
    protected Stream<? extends TrackedEventData<?>> readEventData(@Nullable TrackingToken token, boolean mayBlock) {
        throw new UnsupportedOperationException("Events are read by InsideStream");
    }

    @Override
    public @Nullable TrackingToken createTailToken() {
        return null;
    }

    @Override
    public @Nullable TrackingToken createHeadToken() {
        return after(store.lastToken());
    }

    @Override
    public @Nullable TrackingToken createTokenAt(Instant instant) {
        return after(store.tokenAt(instant.toEpochMilli()) - 1);
    }

    private static @Nullable TrackingToken after(long position) {
        return position < 0 ? null : new GlobalSequenceTrackingToken(position);
    }

    private static <T> Stream<T> stream(Iterator<T> iterator) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator, Spliterator.ORDERED | Spliterator.NONNULL), false);
    }

    private static final class Builder extends AbstractEventStorageEngine.Builder {

        private final EventStore store;
        private final Appends appends;
        private final WireEvents wire;
        private final EventUpcaster upcasters;

        Builder(EventStore store, Appends appends, WireEvents wire, EventUpcaster upcasters) {
            this.store = store;
            this.appends = appends;
            this.wire = wire;
            this.upcasters = upcasters;
        }
    }
}
