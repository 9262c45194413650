package jangter.platform.messaging;

import jangter.platform.mongo.DeadLetterQueue;
import jangter.platform.mongo.DeadLetterQueue.Sequence;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.extensions.mongo.eventhandling.deadletter.MongoDeadLetter;
import org.axonframework.messaging.deadletter.SequencedDeadLetterProcessor;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * The events that views could not digest, at {@code /actuator/deadletters}: per sequence the first one, and why. When its cause is mended,
 * {@code POST /actuator/deadletters/{processor}} with {@code {"action":"retry"}} handles them again in their order, all sequences or the
 * one named by {@code "sequence"}; {@code {"action":"drop","sequence":"…"}} gives one up for good.
 */
@Endpoint(id = "deadletters")
class DeadLettersEndpoint {

    private final EventProcessingConfiguration processing;

    DeadLettersEndpoint(EventProcessingConfiguration processing) {
        this.processing = processing;
    }

    /** What can be done with a sequence that stands still. */
    enum Action {
        RETRY, DROP
    }

    @ReadOperation
    List<Sequence> all() {
        return new TreeSet<>(processing.eventProcessors().keySet()).stream().flatMap(name -> queue(name).stream())
                .flatMap(queue -> queue.sequences().stream()).toList();
    }

    @ReadOperation
    @Nullable List<Sequence> one(@Selector String processor) {
        return queue(processor).map(DeadLetterQueue::sequences).orElse(null);
    }

    /** Does it, and tells what still stands. */
    @WriteOperation
    WebEndpointResponse<?> act(@Selector String processor, Action action, @Nullable String sequence) {
        Optional<DeadLetterQueue> found = queue(processor);
        if (found.isEmpty() || sequence != null && !found.get().contains(sequence)) {
            return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
        }
        DeadLetterQueue queue = found.get();
        switch (action) {
            case RETRY -> (sequence == null ? queue.sequences().stream().map(Sequence::sequence).toList() : List.of(sequence))
                    .forEach(each -> retry(processor, queue, each));
            case DROP -> {
                if (sequence == null) {
                    throw new InvalidEndpointRequestException("No sequence", "Say which \"sequence\" to drop. To drop all, reset the processor.");
                }
                queue.drop(sequence);
            }
        }
        return new WebEndpointResponse<>(queue.sequences());
    }

    /** Until nothing is left: while the last letter was handled, one more may have come in behind it. */
    private void retry(String name, DeadLetterQueue queue, String sequence) {
        SequencedDeadLetterProcessor<EventMessage<?>> processor = processing.sequencedDeadLetterProcessor(name).orElseThrow();
        boolean handled = true;
        while (handled && queue.contains(sequence)) {
            handled = processor.process(letter -> letter instanceof MongoDeadLetter<?> stored && stored.sequenceIdentifier().equals(sequence));
        }
    }

    private Optional<DeadLetterQueue> queue(String processor) {
        return processing.eventProcessor(processor).isEmpty() ? Optional.empty()
                : processing.deadLetterQueue(processor).map(DeadLetterQueue.class::cast);
    }
}
