package jangter.platform.messaging;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * The service's event processors, at {@code /actuator/processors}: where each one is, and what can be done with it. A view is built anew
 * by {@code POST /actuator/processors/{name}} with {@code {"action":"reset"}}; the checkout's processor cannot be reset, since its past
 * commands would be sent again.
 */
@Endpoint(id = "processors")
class ProcessorsEndpoint {

    private final EventProcessingConfiguration processing;
    private final EventStore events;

    ProcessorsEndpoint(EventProcessingConfiguration processing, EventStore events) {
        this.processing = processing;
        this.events = events;
    }

    /** What can be done with a processor. */
    enum Action {
        PAUSE, RESUME, SPLIT, MERGE, RESET
    }

    /** How one processor stands; {@code lag} is how many events it still has to handle. */
    record Processor(String name, boolean running, boolean replayable, long lag, List<Part> segments) {
    }

    /** How one segment of a processor stands on this instance. */
    record Part(int segment, OptionalLong position, boolean caughtUp, boolean replaying, @Nullable String error) {
    }

    @ReadOperation
    List<Processor> all() {
        long head = position(events.createHeadToken()).orElse(-1);
        return streaming().entrySet().stream().map(entry -> describe(entry.getValue(), head)).toList();
    }

    @ReadOperation
    @Nullable Processor one(@Selector String name) {
        return find(name).map(processor -> describe(processor, position(events.createHeadToken()).orElse(-1))).orElse(null);
    }

    /**
     * Does something with a processor.
     *
     * @param segment which segment to split or merge
     * @param from with RESET: a position or an instant to start again from; nothing for the start
     */
    @WriteOperation
    WebEndpointResponse<?> act(@Selector String name, Action action, @Nullable Integer segment, @Nullable String from) {
        Optional<StreamingEventProcessor> found = find(name);
        if (found.isEmpty()) {
            return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
        }
        StreamingEventProcessor processor = found.get();
        switch (action) {
            case PAUSE -> processor.shutDown();
            case RESUME -> processor.start();
            case SPLIT -> done(processor.splitSegment(required(segment)).join(), "split");
            case MERGE -> done(processor.mergeSegment(required(segment)).join(), "merged");
            case RESET -> reset(processor, from);
        }
        return new WebEndpointResponse<>(describe(processor, position(events.createHeadToken()).orElse(-1)));
    }

    private void reset(StreamingEventProcessor processor, @Nullable String from) {
        if (!processor.supportsReset()) {
            throw new InvalidEndpointRequestException("The processor cannot be reset", "This processor cannot be reset: it acts, and would act again.");
        }
        TrackingToken start = from == null ? null : parse(from);
        processor.shutDown();
        try {
            if (start == null) {
                processor.resetTokens();
            } else {
                processor.resetTokens(start);
            }
        } catch (UnableToClaimTokenException heldElsewhere) {
            throw new InvalidEndpointRequestException("Another instance holds a segment", "Another instance holds a segment of this processor. Pause it there first.");
        } finally {
            processor.start();
        }
    }

    private TrackingToken parse(String from) {
        try {
            return from.contains("T") ? events.createTokenAt(Instant.parse(from)) : new GlobalSequenceTrackingToken(Long.parseLong(from));
        } catch (RuntimeException neither) {
            throw new InvalidEndpointRequestException("Not a position", "\"from\" is a position (42) or an instant (2026-11-22T00:00:00Z).", neither);
        }
    }

    private static int required(@Nullable Integer segment) {
        if (segment == null) {
            throw new InvalidEndpointRequestException("No segment", "Say which \"segment\".");
        }
        return segment;
    }

    private static void done(boolean done, String what) {
        if (!done) {
            throw new InvalidEndpointRequestException("Not " + what, "The segment could not be " + what + ": it is not held here, or has no partner.");
        }
    }

    private Optional<StreamingEventProcessor> find(String name) {
        return Optional.ofNullable(streaming().get(name));
    }

    private Map<String, StreamingEventProcessor> streaming() {
        return processing.eventProcessors().values().stream().filter(StreamingEventProcessor.class::isInstance)
                .map(StreamingEventProcessor.class::cast)
                .collect(Collectors.toMap(StreamingEventProcessor::getName, processor -> processor, (a, b) -> a, TreeMap::new));
    }

    private static Processor describe(StreamingEventProcessor processor, long head) {
        List<Part> parts = processor.processingStatus().values().stream().map(ProcessorsEndpoint::describe).toList();
        long slowest = parts.stream().mapToLong(part -> part.position().orElse(-1)).min().orElse(-1);
        return new Processor(processor.getName(), processor.isRunning(), processor.supportsReset(), Math.max(0, head - slowest), parts);
    }

    private static Part describe(EventTrackerStatus status) {
        return new Part(status.getSegment().getSegmentId(), status.getCurrentPosition(), status.isCaughtUp(), status.isReplaying(),
                status.isErrorState() ? String.valueOf(status.getError()) : null);
    }

    private static OptionalLong position(@Nullable TrackingToken token) {
        return token == null ? OptionalLong.empty() : token.position();
    }
}
