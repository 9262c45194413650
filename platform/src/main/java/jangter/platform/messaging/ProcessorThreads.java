package jangter.platform.messaging;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.config.Configuration;

/**
 * The threads of each processor. Where it has one segment, the thread that hands out its events is the one that handles them: while it handles some it could
 * hand out no others, and nobody need be woken in between.
 */
final class ProcessorThreads {

    private static final int MOST = 4;

    private final int threads;
    private final MessagingSettings settings;
    private final Map<String, AwaitedViews> awaited;
    private final BooleanSupplier commandsFirst;
    private final Map<String, ScheduledExecutorService> byProcessor = new ConcurrentHashMap<>();

    /**
     * As the settings say.
     *
     * @param awaited by their group
     * @param commandsFirst whether many commands are under way, before which views step back
     */
    ProcessorThreads(MessagingSettings settings, Map<String, AwaitedViews> awaited, BooleanSupplier commandsFirst) {
        this.threads = Math.min(settings.segments(), MOST);
        this.settings = settings;
        this.awaited = awaited;
        this.commandsFirst = commandsFirst;
    }

    ScheduledExecutorService of(String processor, Configuration configuration) {
        return byProcessor.computeIfAbsent(processor, name -> {
            AwaitedViews views = awaited.get(name);
            ScheduledExecutorService made = new Gathering(threads, new AxonThreadFactory("Processor[" + name + "]"), settings.gather(name, views != null),
                    settings.gatherBehindCommands(name, views), commandsFirst, System::nanoTime);
            configuration.onShutdown(made::shutdown);
            return made;
        });
    }
}
