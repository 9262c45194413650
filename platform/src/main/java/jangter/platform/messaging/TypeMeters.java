package jangter.platform.messaging;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.axonframework.messaging.Message;
import org.axonframework.micrometer.TagsUtil;
import org.axonframework.monitoring.MessageMonitor;
import org.jspecify.annotations.Nullable;

/**
 * Times and counts messages by the type of what they carry, under the names that Axon has for it. Axon looks nine meters up for each message; here they are
 * looked up once for each type.
 */
final class TypeMeters implements MessageMonitor<Message<?>> {

    private final MeterRegistry meters;
    private final String prefix;
    private final Tags tags;
    private final Map<Class<?>, OfType> byType = new ConcurrentHashMap<>();

    TypeMeters(MeterRegistry meters, String prefix, Tag... tags) {
        this.meters = meters;
        this.prefix = prefix;
        this.tags = Tags.of(tags);
    }

    private record OfType(Counter ingested, Counter processed, Counter success, Counter failure, Counter ignored, Timer all, Timer successful,
            Timer failed, Timer ignoring) {

        void succeeded(long nanos) {
            processed.increment();
            success.increment();
            all.record(nanos, TimeUnit.NANOSECONDS);
            successful.record(nanos, TimeUnit.NANOSECONDS);
        }

        void failed(long nanos) {
            processed.increment();
            failure.increment();
            all.record(nanos, TimeUnit.NANOSECONDS);
            failed.record(nanos, TimeUnit.NANOSECONDS);
        }

        void ignored(long nanos) {
            ignored.increment();
            all.record(nanos, TimeUnit.NANOSECONDS);
            ignoring.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public MonitorCallback onMessageIngested(Message<?> message) {
        OfType type = byType.computeIfAbsent(message.getPayloadType(), first -> ofType(message));
        type.ingested.increment();
        long begun = System.nanoTime();
        return new MonitorCallback() {
            @Override
            public void reportSuccess() {
                type.succeeded(System.nanoTime() - begun);
            }

            @Override
            public void reportFailure(@Nullable Throwable cause) {
                type.failed(System.nanoTime() - begun);
            }

            @Override
            public void reportIgnored() {
                type.ignored(System.nanoTime() - begun);
            }
        };
    }

    private OfType ofType(Message<?> message) {
        Tags all = tags.and(TagsUtil.PAYLOAD_TYPE_TAGGER_FUNCTION.apply(message));
        return new OfType(counter("ingested", all), counter("processed", all), counter("success", all), counter("failure", all), counter("ignored", all),
                timer("all", all), timer("success", all), timer("failure", all), timer("ignored", all));
    }

    private Counter counter(String what, Tags all) {
        return meters.counter(prefix + "." + what + "Counter", all);
    }

    private Timer timer(String what, Tags all) {
        return meters.timer(prefix + "." + what + "Timer", all);
    }
}
