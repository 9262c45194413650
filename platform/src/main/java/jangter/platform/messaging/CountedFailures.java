package jangter.platform.messaging;

import io.micrometer.core.instrument.MeterRegistry;
import org.axonframework.eventhandling.ErrorContext;
import org.axonframework.eventhandling.ErrorHandler;
import org.axonframework.eventhandling.PropagatingErrorHandler;

/** Counts the batches of events that failed and come again; {@code /actuator/processors} tells of what a segment failed last. */
final class CountedFailures implements ErrorHandler {

    private final MeterRegistry meters;

    CountedFailures(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public void handleError(ErrorContext failure) throws Exception {
        meters.counter("jangter.processor.failures", "processor", failure.eventProcessor()).increment();
        PropagatingErrorHandler.instance().handleError(failure);
    }
}
