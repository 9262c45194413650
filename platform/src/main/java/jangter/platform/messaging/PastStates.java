package jangter.platform.messaging;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jangter.platform.messaging.Stories.Story;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.axonframework.config.AggregateConfiguration;
import org.axonframework.config.Configuration;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.EventSourcedAggregate;
import org.axonframework.eventsourcing.NoSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.modelling.command.inspection.AggregateModel;
import org.axonframework.modelling.command.inspection.AnnotatedAggregateMetaModelFactory;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How this service's aggregates were at any time in their past: the real aggregate, told its own events again by its own event-sourcing
 * handlers. Nothing is commanded, published, snapshot or put into the aggregates' cache.
 *
 * <p>So that an old aggregate can be looked at back and forth, its state is kept at every {@value #KEPT_EVERY}th event, as JSON and within
 * a bound of memory for all aggregates together.
 */
final class PastStates {

    private static final int KEPT_EVERY = 1_000;
    private static final long MOST_BYTES_KEPT = 32L << 20;

    private final Configuration axon;
    private final EventStore events;
    private final Stories stories;
    private final Serializer serializer;
    private final JsonMapper json = JsonMapper.shared();
    private final Cache<Place, byte[]> kept = Caffeine.newBuilder().maximumWeight(MOST_BYTES_KEPT)
            .weigher((Place place, byte[] state) -> state.length).build();

    PastStates(Configuration axon, EventStore events, Stories stories, Serializer serializer) {
        this.axon = axon;
        this.events = events;
        this.stories = stories;
        this.serializer = serializer;
    }

    /** After which event of which aggregate. */
    private record Place(String aggregateId, long sequence) {
    }

    private record Kept(long sequence, byte[] state) {
    }

    /** What was told of an aggregate. */
    record Told(String type, Instant timestamp, JsonNode payload, Map<String, ?> metaData) {
    }

    /**
     * How an aggregate was.
     *
     * @param at after which of its events, from 0
     * @param last its last event by now
     * @param state as a snapshot would keep it
     * @param changes what the event at {@code at} made of the state before it
     */
    record Moment(String aggregateId, String type, long at, long last, Told event, JsonNode state, List<Differences.Difference> changes) {
    }

    /**
     * The aggregate's state after one of its events.
     *
     * @param at nothing for the last one
     * @return nothing if there is no such event, or if the aggregate is another service's
     */
    Optional<Moment> at(String aggregateId, @Nullable Long at) {
        Optional<Long> last = events.lastSequenceNumberFor(aggregateId);
        if (last.isEmpty() || at != null && (at < 0 || at > last.get())) {
            return Optional.empty();
        }
        String type = typeOf(aggregateId, last.get());
        return axon.findModules(AggregateConfiguration.class).stream()
                .<Past<?>>map(found -> new Past<>((AggregateConfiguration<?>) found)).filter(past -> past.model.type().equals(type)).findFirst()
                .map(past -> past.moment(aggregateId, at == null ? last.get() : at, last.get()));
    }

    private String typeOf(String aggregateId, long last) {
        try (Story story = stories.of(aggregateId, last, last + 1)) {
            return story.next().getType();
        }
    }

    /** One type of aggregate. */
    private final class Past<T> {

        private final AggregateConfiguration<T> configuration;
        private final AggregateModel<T> model;

        Past(AggregateConfiguration<T> configuration) {
            this.configuration = configuration;
            this.model = AnnotatedAggregateMetaModelFactory.inspectAggregate(configuration.aggregateType(), axon.parameterResolverFactory(),
                    axon.handlerDefinition(configuration.aggregateType()));
        }

        Moment moment(String id, long at, long last) {
            Optional<Kept> nearest = keptBefore(id, at);
            long from = nearest.map(Kept::sequence).orElse(-1L) + 1;
            try (Story story = stories.of(id, from, at + 1)) {
                EventSourcedAggregate<T> before = follow(nearest.map(found -> aggregate(restore(found.state()))).orElse(null), id, story, from, at);
                return moment(id, before, story.next(), last);
            }
        }

        private Moment moment(String id, @Nullable EventSourcedAggregate<T> past, DomainEventMessage<?> event, long last) {
            EventSourcedAggregate<T> aggregate = past;
            JsonNode before = aggregate == null ? json.createObjectNode() : aggregate.invoke(root -> tree(keep(root)));
            aggregate = aggregate == null ? begin(event) : aggregate;
            aggregate.initializeState(DomainEventStream.of(List.of(event)));
            JsonNode after = aggregate.invoke(root -> tree(keep(root)));
            return new Moment(id, model.type(), event.getSequenceNumber(), last, told(event), after, Differences.between(before, after));
        }

        /** Tells it the events from {@code from} to before {@code until}, and keeps what it is on the way. */
        private @Nullable EventSourcedAggregate<T> follow(@Nullable EventSourcedAggregate<T> aggregate, String id, Story story, long from, long until) {
            EventSourcedAggregate<T> told = aggregate;
            for (long next = from; next < until;) {
                long end = Math.min(until, (next / KEPT_EVERY + 1) * KEPT_EVERY);
                List<DomainEventMessage<?>> chapter = new ArrayList<>();
                for (; next < end; next++) {
                    chapter.add(story.next());
                }
                told = told == null ? begin(chapter.get(0)) : told;
                told.initializeState(DomainEventStream.of(chapter));
                if (next % KEPT_EVERY == 0) {
                    kept.put(new Place(id, next - 1), told.invoke(this::keep));
                }
            }
            return told;
        }

        /** The nearest kept state before that event. */
        private Optional<Kept> keptBefore(String id, long at) {
            for (long place = at / KEPT_EVERY * KEPT_EVERY - 1; place > 0; place -= KEPT_EVERY) {
                byte[] state = kept.getIfPresent(new Place(id, place));
                if (state != null) {
                    return Optional.of(new Kept(place, state));
                }
            }
            return Optional.empty();
        }

        private EventSourcedAggregate<T> begin(DomainEventMessage<?> first) {
            return aggregate(configuration.aggregateFactory().createAggregateRoot(first.getAggregateIdentifier(), first));
        }

        private EventSourcedAggregate<T> aggregate(T root) {
            return EventSourcedAggregate.initialize(root, model, events,
                    NoSnapshotTriggerDefinition.INSTANCE.prepareTrigger(configuration.aggregateType()));
        }

        private byte[] keep(T root) {
            return serializer.serialize(root, byte[].class).getData();
        }

        private T restore(byte[] state) {
            return serializer.deserialize(new SimpleSerializedObject<>(state, byte[].class,
                    serializer.typeForClass(configuration.aggregateType())));
        }
    }

    private Told told(DomainEventMessage<?> event) {
        return new Told(event.getPayloadType().getName(), event.getTimestamp(),
                tree(serializer.serialize(event.getPayload(), byte[].class).getData()), event.getMetaData());
    }

    private JsonNode tree(byte[] state) {
        return json.readTree(state);
    }
}
