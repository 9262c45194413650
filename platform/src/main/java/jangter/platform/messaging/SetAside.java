package jangter.platform.messaging;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import io.micrometer.core.instrument.MeterRegistry;
import jangter.kernel.UnavailableException;
import jangter.platform.batch.Batch;
import jangter.platform.mongo.DeadLetterQueue;
import jangter.platform.mongo.Edition;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.axonframework.axonserver.connector.AxonServerException;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.deadletter.DeadLetter;
import org.axonframework.messaging.deadletter.Decisions;
import org.axonframework.messaging.deadletter.EnqueueDecision;
import org.axonframework.messaging.deadletter.EnqueuePolicy;
import org.axonframework.messaging.deadletter.ThrowableCause;
import org.axonframework.messaging.timeout.AxonTimeoutException;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of an event that a view's handler failed on. Where the event is at fault it is set aside, and nothing of what its handlers
 * noted is written. Where a server is away no event is at fault: the batch fails, and comes again.
 */
final class SetAside implements EnqueuePolicy<EventMessage<?>> {

    private static final Logger LOG = LoggerFactory.getLogger(SetAside.class);
    private static final int CAUSE_LENGTH = 1000;

    private final String processor;
    private final MeterRegistry meters;
    private final Function<String, Edition> current;

    /** @param current tells the edition of the processor's group that is read: what is set aside from another is not counted */
    SetAside(String processor, MeterRegistry meters, Function<String, Edition> current) {
        this.processor = processor;
        this.meters = meters;
        this.current = current;
    }

    @Override
    public EnqueueDecision<EventMessage<?>> decide(DeadLetter<? extends EventMessage<?>> letter, Throwable cause) {
        boolean secondTry = Batch.isSecondTry(CurrentUnitOfWork.get());
        if (!secondTry && isAway(cause)) {
            throw new UnavailableException("An event cannot be handled now", cause);
        }
        EventMessage<?> event = letter.message();
        Batch.current().forget(event.getIdentifier());
        if (!secondTry) {
            LOG.error("{} cannot digest event {} and sets it aside, see /actuator/deadletters", processor, event.getIdentifier(), cause);
            count();
        }
        int tries = letter.diagnostics().get(DeadLetterQueue.TRIES) instanceof Number before ? before.intValue() : 0;
        return Decisions.enqueue(ThrowableCause.truncated(cause, CAUSE_LENGTH), tried -> tried.diagnostics().and(DeadLetterQueue.TRIES, tries + 1));
    }

    /** Once the batch is written: one that is not comes again, and the event with it. */
    private void count() {
        if (Edition.inHand().map(current.apply(processor)::equals).orElse(true)) {
            CurrentUnitOfWork.get().root().afterCommit(written -> meters.counter("jangter.deadletters", "processor", processor).increment());
        }
    }

    /** Whether a server is away, so that no event is at fault. */
    static boolean isAway(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof MongoException && !(cause instanceof MongoBulkWriteException) || cause instanceof AxonServerException
                    || cause instanceof UnavailableException || cause instanceof TimeoutException || cause instanceof AxonTimeoutException
                    || cause instanceof InterruptedException) {
                return true;
            }
        }
        return false;
    }
}
