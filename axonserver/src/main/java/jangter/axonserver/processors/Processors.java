package jangter.axonserver.processors;

import io.axoniq.axonserver.grpc.InstructionResult;
import io.axoniq.axonserver.grpc.control.EventProcessorInfo.SegmentStatus;
import io.axoniq.axonserver.grpc.control.EventProcessorReference;
import io.axoniq.axonserver.grpc.control.EventProcessorSegmentReference;
import io.axoniq.axonserver.grpc.control.PlatformOutboundInstruction;
import jangter.axonserver.routing.Outlet;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * All event processors of all clients. A processor is its name and its token store's id: instances that share both share the work.
 * Every order completes when all clients it went to have reported success, and fails with {@link ProcessorFailure} otherwise.
 */
public final class Processors {

    private static final long WAIT_SECONDS = 10;

    private final Set<Client> clients = ConcurrentHashMap.newKeySet();

    public Client connect(Outlet<PlatformOutboundInstruction> outlet) {
        Client client = new Client(outlet);
        clients.add(client);
        return client;
    }

    public void disconnect(Client client) {
        clients.remove(client);
        client.gone();
    }

    public Collection<Client> clients() {
        return clients;
    }

    /** @param tokenStore empty for any */
    public record Processor(String name, String tokenStore) {
    }

    /** Every processor with its instances. */
    public Map<Processor, List<Instance>> all() {
        return clients.stream()
                .flatMap(client -> client.processors().stream().map(info -> new Instance(client, info)))
                .collect(Collectors.groupingBy(
                        instance -> new Processor(instance.info().getProcessorName(), instance.info().getTokenStoreIdentifier()),
                        () -> new TreeMap<>(Comparator.comparing(Processor::name).thenComparing(Processor::tokenStore)),
                        Collectors.toList()));
    }

    public CompletableFuture<Void> pause(Processor processor) {
        return atAll(instancesOf(processor), instruction().setPauseEventProcessor(reference(processor)));
    }

    public CompletableFuture<Void> start(Processor processor) {
        return atAll(instancesOf(processor), instruction().setStartEventProcessor(reference(processor)));
    }

    /** Splits the largest segment, at the instance that holds it. */
    public CompletableFuture<Void> split(Processor processor) {
        List<Instance> instances = instancesOf(processor);
        SegmentStatus largest = segmentsOf(instances).stream()
                .min(Comparator.comparingInt(SegmentStatus::getOnePartOf).thenComparingInt(SegmentStatus::getSegmentId))
                .orElseThrow(() -> noSegment(processor));
        return atAll(holding(instances, largest.getSegmentId()),
                instruction().setSplitEventProcessorSegment(reference(processor, largest.getSegmentId())));
    }

    /** Merges the smallest segment with its partner, which other instances let go of first. */
    public CompletableFuture<Void> merge(Processor processor) {
        List<Instance> instances = instancesOf(processor);
        SegmentStatus smallest = segmentsOf(instances).stream()
                .max(Comparator.comparingInt(SegmentStatus::getOnePartOf).thenComparingInt(SegmentStatus::getSegmentId))
                .orElseThrow(() -> noSegment(processor));
        if (smallest.getOnePartOf() <= 1) {
            throw new ProcessorFailure("AXONIQ-1004", "Processor %s has a single segment".formatted(processor.name()));
        }
        int partner = smallest.getSegmentId() ^ smallest.getOnePartOf() >>> 1;
        List<Instance> merging = holding(instances, smallest.getSegmentId());
        List<Instance> others = instances.stream().filter(instance -> !merging.contains(instance)).toList();
        return atAll(others, instruction().setReleaseSegment(reference(processor, partner)))
                .thenCompose(released -> atAll(merging,
                        instruction().setMergeEventProcessorSegment(reference(processor, smallest.getSegmentId()))));
    }

    /** Has every other instance let go of a segment, so that the target can take it. */
    public CompletableFuture<Void> move(Processor processor, int segment, String targetClient) {
        List<Instance> others = instancesOf(processor).stream()
                .filter(instance -> !instance.client().id().equals(targetClient))
                .toList();
        return atAll(others, instruction().setReleaseSegment(reference(processor, segment)));
    }

    private List<Instance> instancesOf(Processor processor) {
        List<Instance> instances = all().entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(processor.name()))
                .filter(entry -> processor.tokenStore().isEmpty() || entry.getKey().tokenStore().equals(processor.tokenStore()))
                .flatMap(entry -> entry.getValue().stream())
                .toList();
        if (instances.isEmpty()) {
            throw new ProcessorFailure("AXONIQ-2800", "Event processor not found: " + processor.name());
        }
        return instances;
    }

    private static List<SegmentStatus> segmentsOf(List<Instance> instances) {
        return instances.stream().flatMap(instance -> instance.segments().stream()).toList();
    }

    private static List<Instance> holding(List<Instance> instances, int segment) {
        Optional<Instance> holder = instances.stream().filter(instance -> instance.holds(segment)).findFirst();
        return holder.map(List::of).orElse(List.of());
    }

    private static ProcessorFailure noSegment(Processor processor) {
        return new ProcessorFailure("AXONIQ-1004", "No instance of processor %s holds a segment".formatted(processor.name()));
    }

    private static CompletableFuture<Void> atAll(List<Instance> instances, PlatformOutboundInstruction.Builder instruction) {
        return CompletableFuture.allOf(instances.stream()
                .map(instance -> instance.client().instruct(instruction.clone())
                        .orTimeout(WAIT_SECONDS, TimeUnit.SECONDS)
                        .thenAccept(result -> requireSuccess(instance.client(), result)))
                .toArray(CompletableFuture<?>[]::new));
    }

    private static void requireSuccess(Client client, InstructionResult result) {
        if (!result.getSuccess()) {
            throw new ProcessorFailure("AXONIQ-1004", client.id() + ": " + result.getError().getMessage());
        }
    }

    private static PlatformOutboundInstruction.Builder instruction() {
        return PlatformOutboundInstruction.newBuilder();
    }

    private static EventProcessorReference reference(Processor processor) {
        return EventProcessorReference.newBuilder().setProcessorName(processor.name()).build();
    }

    private static EventProcessorSegmentReference reference(Processor processor, int segment) {
        return EventProcessorSegmentReference.newBuilder().setProcessorName(processor.name()).setSegmentIdentifier(segment).build();
    }
}
