package jangter.platform.messaging;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.config.Configuration;

/**
 * The threads of each processor. Where it has one segment, the thread that hands out its events is the one that handles them: while it handles some it could
 * hand out no others, and nobody need be woken in between.
 */
final class ProcessorThreads {

    private static final int MOST = 4;

    private final int threads;
    private final Function<String, Duration> gather;
    private final Map<String, ScheduledExecutorService> byProcessor = new ConcurrentHashMap<>();

    /** @param gather how long a processor gathers events */
    ProcessorThreads(int segments, Function<String, Duration> gather) {
        this.threads = Math.min(segments, MOST);
        this.gather = gather;
    }

    ScheduledExecutorService of(String processor, Configuration configuration) {
        return byProcessor.computeIfAbsent(processor, name -> {
            ScheduledExecutorService made = new Gathering(threads, new AxonThreadFactory("Processor[" + name + "]"), gather.apply(name));
            configuration.onShutdown(made::shutdown);
            return made;
        });
    }
}
