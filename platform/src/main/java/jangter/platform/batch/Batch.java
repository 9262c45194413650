package jangter.platform.batch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.deadletter.DeadLetter;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What the event handlers of one batch want done: noted while the batch is handled, done together when it is, and before the tracking
 * token moves. A crash in between makes the batch come again, so everything in it must bear being done twice.
 *
 * <p>Each note belongs to the event that is being handled. If its handler fails in the end, what it noted is forgotten with it, and the
 * other events' work is done.
 */
public final class Batch {

    /** Where events are handled out of their order: before all. */
    public static final long NO_POSITION = -1;

    private final List<Note> notes = new ArrayList<>();
    private Runnable touch = () -> { };
    private SegmentMemory memory = new SegmentMemory();
    private boolean isOfSegment;

    /** One sort of work in the batch, such as the writes to one collection. */
    public interface Part {

        /** Reads what the work depends on; called once, before it is done. */
        default Mono<Void> prepare() {
            return Mono.empty();
        }

        /**
         * Does the work; called once.
         *
         * @param position that of the batch's last event in the stream of all events
         */
        Mono<Void> finish(long position);
    }

    private record Note(@Nullable String event, Consumer<Map<Object, Part>> add) {
    }

    private Batch() {
    }

    /** The batch of the unit of work that the calling event handler runs in. */
    public static Batch current() {
        return of(CurrentUnitOfWork.get());
    }

    public static Batch of(UnitOfWork<?> unitOfWork) {
        return unitOfWork.root().getOrComputeResource(Batch.class.getName(), key -> new Batch());
    }

    /** The identifier of the event that is being handled. */
    public static @Nullable String currentEvent() {
        Message<?> message = CurrentUnitOfWork.get().getMessage();
        return message == null ? null : message.getIdentifier();
    }

    /** Whether the event that is being handled failed before, and is tried again because somebody asked for it. */
    public static boolean isSecondTry(UnitOfWork<?> unitOfWork) {
        return unitOfWork.getResource(DeadLetter.class.getName()) != null;
    }

    /** Notes something for the batch's part under that key, which is made if it is not there yet. */
    public <P extends Part> void note(Object key, Class<P> type, Supplier<P> make, Consumer<P> what) {
        notes.add(new Note(currentEvent(), parts -> what.accept(type.cast(parts.computeIfAbsent(key, k -> make.get())))));
    }

    /**
     * Begins a batch whose handlers act at once.
     *
     * @param mustStillBeInTouch fails once the database may be another than when the batch began
     * @param segment what is kept from batch to batch
     */
    void begin(Runnable mustStillBeInTouch, SegmentMemory segment) {
        touch = mustStillBeInTouch;
        memory = segment;
        isOfSegment = true;
    }

    /** What is kept from one batch of the segment to the next; where that is not known, for this batch alone. */
    public SegmentMemory memory() {
        return memory;
    }

    /** Whether that is kept from one batch to the next. */
    public boolean isOfSegment() {
        return isOfSegment;
    }

    /** Whether nothing is to be done now: what the handlers wanted is kept in memory, or they wanted nothing. */
    boolean mayBeSavedLater() {
        return notes.isEmpty();
    }

    /** Whoever has read what a handler acts upon before the batch is finished, by sending commands, says so before the handler acts. */
    public void mustStillBeInTouch() {
        touch.run();
    }

    /** Drops what the handlers of that event noted. */
    public void forget(String event) {
        notes.removeIf(note -> event.equals(note.event()));
    }

    /**
     * Does the work of all parts side by side. What is noted later is another batch.
     *
     * @param position that of the batch's last event in the stream of all events
     * @param check fails if what was read cannot be relied upon; done before anything is written
     */
    public Mono<Void> finish(long position, Runnable check) {
        Map<Object, Part> parts = new LinkedHashMap<>();
        notes.forEach(note -> note.add().accept(parts));
        notes.clear();
        return finish(Stream.concat(parts.values().stream(), memory.unsaved()).toList(), position, check);
    }

    static Mono<Void> finish(List<? extends Part> parts, long position, Runnable check) {
        return Mono.when(parts.stream().map(Part::prepare).toList())
                .then(Mono.defer(() -> {
                    check.run();
                    return Mono.when(parts.stream().map(part -> part.finish(position)).toList());
                }));
    }
}
