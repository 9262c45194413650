package jangter.launcher.inside;

import jangter.axonserver.store.EventStore;
import jangter.axonserver.store.InvalidSequenceException;
import jangter.axonserver.store.NewEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;

/**
 * The appends that are on their way to the disk.
 *
 * <p>A command's events are given to the store in their order, and the thread that handled the command goes on to the next, of the same aggregate
 * too: it is in memory as it will be. So the disk is waited for by whoever is to be answered, and not by whoever is next; a hot aggregate is as fast as
 * its rules. What was decided is told once it is on disk, and so is what was decided upon it, be it only that there is nothing to do.
 *
 * <p>If an append is refused, because another process has written to the aggregate, all that was built on it is refused with it, the aggregate is
 * forgotten, and the next command reads it anew.
 */
final class Appends {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Events. */
    private static final int MANY_A_SECOND = 1_000;

    private final EventStore store;
    private final Consumer<String> forget;
    /** The last append of each aggregate until it is on disk; one that failed stays until the aggregate was read anew. */
    private final Map<String, CompletableFuture<Void>> last = new ConcurrentHashMap<>();
    private final ThreadLocal<@Nullable Handling> handling = new ThreadLocal<>();
    private final EventPace pace = new EventPace(System::nanoTime);

    /** One command, while its thread handles it. */
    private static final class Handling {
        private @Nullable CompletableFuture<Void> appended;
        private @Nullable CompletableFuture<Void> decidedUpon;
    }

    /** @param forget lets an aggregate of that id go from memory */
    Appends(EventStore store, Consumer<String> forget) {
        this.store = store;
        this.forget = forget;
    }

    /** From now on this thread handles a command, whose appends it does not wait for. */
    void begin() {
        handling.set(new Handling());
    }

    /** However it ended, this thread handles no command any more. */
    void over() {
        handling.remove();
    }

    /** Whether so much is appended that nothing else should be in its way. */
    boolean areMany() {
        return pace.isAtLeast(MANY_A_SECOND);
    }

    /**
     * It has decided, and still holds the aggregate: what that is made of may not be on disk yet, or have been refused.
     *
     * @param aggregate that the command was for
     */
    void decided(String aggregate) {
        Handling command = handling.get();
        if (command != null) {
            command.decidedUpon = lastOf(aggregate);
        }
    }

    /** Done once all is on disk that the aggregate is made of, exceptionally if something of it will never be. */
    CompletableFuture<Void> lastOf(String aggregate) {
        return last.getOrDefault(aggregate, CompletableFuture.completedFuture(null));
    }

    /**
     * It has handled it.
     *
     * @param aggregate that the command was for
     * @return done once all is on disk that the command's answer depends on, exceptionally if something of it will never be
     */
    CompletableFuture<Void> end(String aggregate) {
        Handling command = Objects.requireNonNull(handling.get());
        over();
        CompletableFuture<Void> decidedUpon = command.decidedUpon == null ? lastOf(aggregate) : command.decidedUpon;
        CompletableFuture<Void> answer = command.appended == null ? decidedUpon : command.appended;
        if (answer.isCompletedExceptionally()) {
            // it was in this command's hands when it was forgotten, which has kept it in memory once more
            forget.accept(aggregate);
        }
        return answer;
    }

    /** Appends a transaction. Who handles no command waits until it is on disk. */
    void append(List<NewEvent> transaction) {
        CompletableFuture<Void> append = start(transaction);
        Handling command = handling.get();
        if (command == null) {
            await(append);
        } else {
            command.appended = append;
        }
    }

    private CompletableFuture<Void> start(List<NewEvent> transaction) {
        pace.count(transaction.size());
        Set<String> aggregates = transaction.stream().filter(event -> !event.type().isEmpty()).map(NewEvent::aggregate).collect(Collectors.toSet());
        CompletableFuture<Void> append = store.append(transaction, aggregates.stream().map(last::get).filter(Objects::nonNull).toList());
        aggregates.forEach(aggregate -> last.put(aggregate, append));
        append.whenComplete((done, failure) -> {
            if (failure == null) {
                aggregates.forEach(aggregate -> last.remove(aggregate, append));
            } else {
                aggregates.forEach(forget);
            }
        });
        return append;
    }

    /** Before an aggregate is read: all that is on its way shall be there. */
    void settle(String aggregate) {
        CompletableFuture<Void> append = last.get(aggregate);
        if (append == null) {
            return;
        }
        append.handle((done, failure) -> done).orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
        if (handling.get() != null) {
            // a command reads it under its lock, and what it is then is what is stored
            last.remove(aggregate, append);
        }
    }

    static void await(CompletableFuture<Void> append) {
        try {
            append.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
        } catch (CompletionException failed) {
            throw explained(failed.getCause());
        }
    }

    /** As Axon names it, and as Axon Server would have told it. */
    static RuntimeException explained(Throwable failure) {
        return failure instanceof InvalidSequenceException
                ? new ConcurrencyException("[AXONIQ-2000] " + failure.getMessage(), failure)
                : new EventStoreException(String.valueOf(failure.getMessage()), failure);
    }
}
