package jangter.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.eventhandling.EventProcessor;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.Message;
import org.axonframework.monitoring.MessageMonitor;
import org.junit.jupiter.api.Test;

class MessageMetersTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MessageMeters messages = new MessageMeters(meters);

    @Test
    void a_processors_events_are_timed_and_counted_by_type() {
        MessageMonitor<? super Message<?>> monitor = monitor(EventProcessor.class, "stock-views");
        monitor.onMessageIngested(GenericEventMessage.asEventMessage("an event")).reportSuccess();
        monitor.onMessageIngested(GenericEventMessage.asEventMessage("an event")).reportFailure(new IllegalStateException());

        String[] tags = {"payloadType", "String", "processorName", "stock-views"};
        assertThat(meters.get("eventProcessor.allTimer").tags(tags).timer().count()).isEqualTo(2);
        assertThat(meters.get("eventProcessor.failureTimer").tags(tags).timer().count()).isEqualTo(1);
        assertThat(meters.get("eventProcessor.successCounter").tags(tags).counter().count()).isEqualTo(1);
        assertThat(meters.get("eventProcessor.latency").tags("processorName", "stock-views").gauge().value()).isGreaterThanOrEqualTo(0);
    }

    @Test
    void commands_are_timed_and_counted_by_type() {
        monitor(CommandBus.class, "commandBus").onMessageIngested(new GenericMessage<>(1L)).reportSuccess();

        Timer all = meters.get("commandBus.allTimer").tags("payloadType", "Long").timer();
        assertThat(all.count()).isEqualTo(1);
        assertThat(all.totalTime(TimeUnit.NANOSECONDS)).isPositive();
        assertThat(meters.get("commandBus.processedCounter").tags("payloadType", "Long").counter().count()).isEqualTo(1);
    }

    @Test
    void nothing_is_remembered_of_each_message() {
        monitor(EventProcessor.class, "stock-views").onMessageIngested(GenericEventMessage.asEventMessage("an event")).reportSuccess();
        monitor(CommandBus.class, "commandBus").onMessageIngested(new GenericMessage<>("a command")).reportSuccess();

        assertThat(meters.getMeters()).extracting(Meter::getId).extracting(Meter.Id::getName).noneMatch(name -> name.endsWith(".capacity"));
        assertThat(meters.getMeters()).filteredOn(Timer.class::isInstance).isNotEmpty()
                .allSatisfy(timer -> assertThat(((Timer) timer).takeSnapshot().percentileValues()).isEmpty());
    }

    @SuppressWarnings("unchecked")
    private MessageMonitor<? super Message<?>> monitor(Class<?> type, String name) {
        return (MessageMonitor<? super Message<?>>) messages.registerComponentWithDefaultTags(type, name);
    }
}
