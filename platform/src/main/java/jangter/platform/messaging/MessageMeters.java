package jangter.platform.messaging;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.util.List;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventProcessor;
import org.axonframework.messaging.Message;
import org.axonframework.micrometer.EventProcessorLatencyMonitor;
import org.axonframework.micrometer.GlobalMetricRegistry;
import org.axonframework.micrometer.TagsUtil;
import org.axonframework.monitoring.MessageMonitor;
import org.axonframework.monitoring.MultiMessageMonitor;

/**
 * How many messages of each type there were, how they ended, how long they took and how far a processor is behind: what Axon measures under the
 * names that it has for it, without the two things of it that cost more than they tell. Its capacity monitor remembers the time of every message
 * for ten minutes, which in a busy shop is more memory than all else together. And its timers are asked for six percentiles each, so each message is written
 * to several histograms for figures that cannot be put together over instances.
 */
final class MessageMeters extends GlobalMetricRegistry {

    private static final String PROCESSORS = "eventProcessor";

    MessageMeters(MeterRegistry meters) {
        super(meters);
    }

    @Override
    public MessageMonitor<? extends Message<?>> registerComponentWithDefaultTags(Class<?> type, String name) {
        return EventProcessor.class.isAssignableFrom(type) ? ofProcessor(Tag.of(TagsUtil.PROCESSOR_NAME_TAG, name)) : new TypeMeters(getRegistry(), name);
    }

    private MessageMonitor<EventMessage<?>> ofProcessor(Tag processor) {
        MessageMonitor<EventMessage<?>> latency = EventProcessorLatencyMonitor.builder().meterNamePrefix(PROCESSORS).meterRegistry(getRegistry())
                .tagsBuilder(message -> List.of(processor)).build();
        return new MultiMessageMonitor<>(List.of(new TypeMeters(getRegistry(), PROCESSORS, processor), latency));
    }
}
