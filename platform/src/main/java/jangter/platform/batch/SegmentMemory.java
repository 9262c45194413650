package jangter.platform.batch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What the handlers of a segment's events keep in memory from one batch to the next, for as long as this process holds the segment. What of it is
 * not saved yet is saved together with the token of the last of those batches, or is gone with this process: then the events since come again to
 * whoever has what was saved.
 *
 * <p>Used by one thread at a time, the one that handles the segment's events.
 */
public final class SegmentMemory {

    private final Map<Object, Content> contents = new LinkedHashMap<>();
    private boolean isSpoiled;

    /** One sort of things that are kept. Saving them bears repetition, as every batch's work does. */
    public interface Content extends Batch.Part {

        /** Whether there is anything that {@link #finish} would save. */
        boolean isUnsaved();
    }

    SegmentMemory() {
    }

    /** What is kept under that key; made if nothing is. */
    public <C extends Content> C content(Object key, Class<C> type, Supplier<C> make) {
        return type.cast(contents.computeIfAbsent(key, first -> make.get()));
    }

    boolean isInUse() {
        return !contents.isEmpty();
    }

    Stream<Content> unsaved() {
        return contents.values().stream().filter(Content::isUnsaved);
    }

    /** A batch failed half-way, or what was read may be old: nothing of this is saved any more. */
    void spoil() {
        isSpoiled = true;
    }

    boolean isSpoiled() {
        return isSpoiled;
    }
}
