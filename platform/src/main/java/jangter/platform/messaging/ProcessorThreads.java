package jangter.platform.messaging;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.config.Configuration;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;

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
    /** Of those that step back one begins after the other has ended: together they would take every core from what they step back for. */
    private final Semaphore turns = new Semaphore(1, true);
    private final Map<String, Gathering> byProcessor = new ConcurrentHashMap<>();

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

    /** Tells those views that are awaited for one of these events, once they are appended. */
    void published(List<? extends EventMessage<?>> events) {
        for (EventMessage<?> event : events) {
            awaited.values().stream().filter(views -> views.outcomes().contains(event.getPayloadType()))
                    .map(views -> byProcessor.get(views.group())).filter(Objects::nonNull).forEach(ProcessorThreads::tell);
        }
    }

    private static void tell(Gathering views) {
        if (CurrentUnitOfWork.isStarted()) {
            CurrentUnitOfWork.get().root().afterCommit(appended -> views.isAwaited());
        } else {
            views.isAwaited();
        }
    }

    ScheduledExecutorService of(String processor, Configuration configuration) {
        return byProcessor.computeIfAbsent(processor, name -> {
            AwaitedViews views = awaited.get(name);
            Duration usual = settings.gather(name, views != null);
            Duration behindCommands = settings.gatherBehindCommands(name, views);
            Gathering made = new Gathering(threads, new AxonThreadFactory("Processor[" + name + "]"), new Gathering.Manner(usual, behindCommands,
                    settings.gatherOutcomes(), commandsFirst, behindCommands.equals(usual) ? null : turns), System::nanoTime);
            configuration.onShutdown(made::shutdown);
            return made;
        });
    }
}
