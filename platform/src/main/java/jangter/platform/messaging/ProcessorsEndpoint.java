package jangter.platform.messaging;

import jangter.platform.mongo.Databases;
import jangter.platform.mongo.Edition;
import jangter.platform.mongo.Rebuild;
import jangter.platform.mongo.TokenStores;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.eventhandling.TrackingToken;
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
 * by {@code POST /actuator/processors/{name}} with {@code {"action":"reset"}}, from its start or {@code "from"} a position or an instant,
 * beside the copy that is read; the answer comes at once, and {@code rebuild} tells from then on how it goes. When both copies say the
 * same, the new one is read. If not, {@code {"action":"switch"}} takes it nevertheless; {@code {"action":"abandon"}} gives it up. What acts,
 * such as the checkout's processor, cannot be reset, since its past commands would be sent again.
 */
@Endpoint(id = "processors")
class ProcessorsEndpoint {

    private final EditionProcessors processors;
    private final Rebuilds rebuilds;
    private final TokenStores tokens;
    private final Databases databases;
    private final EventStore events;
    private final RecentEvents recent;

    ProcessorsEndpoint(EditionProcessors processors, Rebuilds rebuilds, TokenStores tokens, Databases databases, EventStore events) {
        this.processors = processors;
        this.rebuilds = rebuilds;
        this.tokens = tokens;
        this.databases = databases;
        this.events = events;
        this.recent = new RecentEvents(events);
    }

    /** What can be done with a processor. Pausing and resuming are this instance's own; all else is all instances'. */
    enum Action {
        PAUSE, RESUME, SPLIT, MERGE, RESET, SWITCH, ABANDON
    }

    /** How one processor stands; {@code lag} is how many events that concern it came after the last that it was told of. */
    record Processor(String name, boolean running, boolean replayable, long lag, List<Part> segments, long deadLetters, @Nullable Progressing rebuild) {
    }

    /** How one segment of a processor stands; {@code here} tells whether it is this instance that handles it. */
    record Part(int segment, @Nullable Long position, boolean caughtUp, boolean replaying, @Nullable String error, boolean here) {
    }

    /** How the latest rebuild of a processor's views stands; {@code perSecond} counts the store's events that it passes. */
    record Progressing(Rebuild.State state, @Nullable String from, @Nullable Long position, @Nullable Long head, long perSecond,
            @Nullable Long secondsLeft, Instant startedAt, List<Difference> differences, long differencesFound, long deadLetters, @Nullable String error) {
    }

    /** A document that both copies have differently: the fields that differ. */
    record Difference(String view, String id, @Nullable Map<String, Object> before, @Nullable Map<String, Object> after) {
    }

    @ReadOperation
    List<Processor> all() {
        long head = head();
        return processors.all().values().stream().map(processor -> describe(processor, head)).toList();
    }

    @ReadOperation
    @Nullable Processor one(@Selector String name) {
        return find(name).map(processor -> describe(processor, head())).orElse(null);
    }

    /**
     * Does something with a processor.
     *
     * @param segment which segment to split or merge
     * @param from with RESET: the position of the first event or the instant to start again from; nothing for the start
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
            case SPLIT -> done(undisturbed(processor).splitSegment(required(segment)).join(), "split");
            case MERGE -> done(undisturbed(processor).mergeSegment(required(segment)).join(), "merged");
            case RESET -> reset(processor, from);
            case SWITCH -> decided(rebuilds.accept(name), "No rebuild of this processor waits for a decision.");
            case ABANDON -> decided(rebuilds.abandon(name), "This processor is not being rebuilt.");
        }
        return new WebEndpointResponse<>(describe(processor, head()));
    }

    private void reset(StreamingEventProcessor processor, @Nullable String from) {
        if (!processors.isReplayable(processor)) {
            throw refused("This processor cannot be reset: it acts, and would act again.");
        }
        if (from != null) {
            mustBeAPlace(from);
        }
        decided(rebuilds.begin(processor.getName(), from), "This processor is being rebuilt already. Abandon that first.");
    }

    private void mustBeAPlace(String from) {
        try {
            StartingPoint.parse(from, events);
        } catch (IllegalArgumentException neither) {
            throw refused("\"from\" is a position (42) or an instant (2026-11-22T00:00:00Z).");
        }
    }

    /** A new copy has the segments that the old one had when it was begun. */
    private StreamingEventProcessor undisturbed(StreamingEventProcessor processor) {
        if (rebuilds.of(processor.getName()).filter(rebuild -> rebuild.state().isUnderWay()).isPresent()) {
            throw refused("This processor is being rebuilt. Split and merge it when that is over.");
        }
        return processor;
    }

    private static int required(@Nullable Integer segment) {
        if (segment == null) {
            throw refused("Say which \"segment\".");
        }
        return segment;
    }

    private static void done(boolean done, String what) {
        if (!done) {
            throw refused("The segment could not be " + what + ": it is not held here, or has no partner.");
        }
    }

    private static void decided(Optional<Rebuild> decided, String ifNot) {
        if (decided.isEmpty()) {
            throw refused(ifNot);
        }
    }

    private static InvalidEndpointRequestException refused(String why) {
        return new InvalidEndpointRequestException(why, why);
    }

    private Optional<StreamingEventProcessor> find(String name) {
        return Optional.ofNullable(processors.all().get(name));
    }

    private Processor describe(StreamingEventProcessor processor, long head) {
        String name = processor.getName();
        List<Part> parts = parts(processor, head);
        long slowest = parts.stream().mapToLong(part -> part.position() == null ? -1 : part.position()).min().orElse(-1);
        boolean isReplayable = processors.isReplayable(processor);
        return new Processor(name, processor.isRunning(), isReplayable, lag(processor, slowest, head), parts,
                isReplayable ? processors.deadLetters(name).size() : 0, rebuilds.of(name).map(ProcessorsEndpoint::describe).orElse(null));
    }

    private long lag(StreamingEventProcessor processor, long position, long head) {
        return recent.between(position, head, type -> processors.concerns(processor, type));
    }

    /** What this instance handles it knows itself; of the others' it knows what they wrote down last. */
    private List<Part> parts(StreamingEventProcessor processor, long head) {
        Edition current = databases.current(processor.getName());
        Map<Integer, Part> parts = new TreeMap<>();
        tokens.positions(current).forEach((segment, token) -> parts.put(segment, elsewhere(segment, position(token.orElse(null)), head)));
        processor.processingStatus().forEach((segment, status) -> {
            if (tokens.claimed(processor.getName(), segment).filter(current::equals).isPresent() || status.isErrorState()) {
                parts.put(segment, describe(status));
            }
        });
        return List.copyOf(parts.values());
    }

    private static Part elsewhere(int segment, @Nullable Long position, long head) {
        return new Part(segment, position, position != null && position >= head, false, null, false);
    }

    private static Part describe(EventTrackerStatus status) {
        return new Part(status.getSegment().getSegmentId(), status.getCurrentPosition().isPresent() ? status.getCurrentPosition().getAsLong() : null,
                status.isCaughtUp(), status.isReplaying(), status.isErrorState() ? inOneLine(status.getError()) : null, true);
    }

    private static String inOneLine(@Nullable Throwable error) {
        return error != null && SetAside.isAway(error) ? "A server is away; it is tried again."
                : "A batch of events failed and is tried again; the instance's log says why.";
    }

    private static Progressing describe(Rebuild rebuild) {
        return new Progressing(rebuild.state(), rebuild.from(), rebuild.position(), rebuild.head(), rebuild.perSecond(), rebuild.secondsLeft(),
                rebuild.startedAt(), rebuild.differences().stream().map(ProcessorsEndpoint::describe).toList(), rebuild.differencesFound(),
                rebuild.deadLetters(), rebuild.error());
    }

    private static Difference describe(Rebuild.Difference difference) {
        return new Difference(difference.view(), difference.id(), plain(difference.before()), plain(difference.after()));
    }

    private static @Nullable Map<String, Object> plain(@Nullable Map<String, Object> fields) {
        if (fields == null) {
            return null;
        }
        Map<String, Object> plain = new LinkedHashMap<>();
        fields.forEach((field, value) -> plain.put(field, plainValue(value)));
        return plain;
    }

    @SuppressWarnings("unchecked")
    private static @Nullable Object plainValue(@Nullable Object value) {
        if (value instanceof Map<?, ?> fields) {
            return plain((Map<String, Object>) fields);
        }
        if (value instanceof List<?> elements) {
            return elements.stream().map(ProcessorsEndpoint::plainValue).toList();
        }
        if (value instanceof Date date) {
            return date.toInstant();
        }
        return value == null || value instanceof String || value instanceof Number || value instanceof Boolean ? value : value.toString();
    }

    private long head() {
        long head = Optional.ofNullable(position(events.createHeadToken())).orElse(-1L);
        recent.look(head);
        return head;
    }

    private static @Nullable Long position(@Nullable TrackingToken token) {
        return token == null || token.position().isEmpty() ? null : (Long) token.position().getAsLong();
    }
}
