package jangter.axonserver.processors;

import io.axoniq.axonserver.grpc.InstructionResult;
import io.axoniq.axonserver.grpc.control.ClientIdentification;
import io.axoniq.axonserver.grpc.control.EventProcessorInfo;
import io.axoniq.axonserver.grpc.control.PlatformOutboundInstruction;
import jangter.axonserver.routing.Outlet;

import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** A connected client: its processors as it last reported them, and the instructions it has not reported on. */
public final class Client {

    private final Outlet<PlatformOutboundInstruction> outlet;
    private final Map<String, EventProcessorInfo> processors = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<InstructionResult>> instructions = new ConcurrentHashMap<>();
    private volatile ClientIdentification identification = ClientIdentification.getDefaultInstance();

    Client(Outlet<PlatformOutboundInstruction> outlet) {
        this.outlet = outlet;
    }

    public void register(ClientIdentification itself) {
        identification = itself;
    }

    public void report(EventProcessorInfo processor) {
        processors.put(processor.getProcessorName(), processor);
    }

    public void result(InstructionResult result) {
        CompletableFuture<InstructionResult> waiting = instructions.remove(result.getInstructionId());
        if (waiting != null) {
            waiting.complete(result);
        }
    }

    CompletableFuture<InstructionResult> instruct(PlatformOutboundInstruction.Builder instruction) {
        String id = UUID.randomUUID().toString();
        CompletableFuture<InstructionResult> result = new CompletableFuture<>();
        instructions.put(id, result);
        outlet.send(instruction.setInstructionId(id).build());
        return result.whenComplete((done, failure) -> instructions.remove(id));
    }

    void gone() {
        instructions.values().forEach(waiting ->
                waiting.completeExceptionally(new ProcessorFailure("AXONIQ-1004", "Connection lost with " + id())));
    }

    public String id() {
        return identification.getClientId();
    }

    public String component() {
        return identification.getComponentName();
    }

    Collection<EventProcessorInfo> processors() {
        return processors.values();
    }
}
