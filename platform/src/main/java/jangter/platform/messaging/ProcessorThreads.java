package jangter.platform.messaging;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
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
    private final BooleanSupplier commandsFirst;
    private final Map<String, ScheduledExecutorService> byProcessor = new ConcurrentHashMap<>();

    /**
     * For processors of so many segments.
     *
     * @param gather how long a processor gathers events
     * @param commandsFirst whether commands are under way, before which views step back that gather for long
     */
    ProcessorThreads(int segments, Function<String, Duration> gather, BooleanSupplier commandsFirst) {
        this.threads = Math.min(segments, MOST);
        this.gather = gather;
        this.commandsFirst = commandsFirst;
    }

    ScheduledExecutorService of(String processor, Configuration configuration) {
        return byProcessor.computeIfAbsent(processor, name -> {
            ScheduledExecutorService made = new Gathering(threads, new AxonThreadFactory("Processor[" + name + "]"), gather.apply(name), commandsFirst,
                    System::nanoTime);
            configuration.onShutdown(made::shutdown);
            return made;
        });
    }
}
