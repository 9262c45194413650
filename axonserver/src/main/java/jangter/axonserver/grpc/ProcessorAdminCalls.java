package jangter.axonserver.grpc;

import com.google.protobuf.Empty;
import io.axoniq.axonserver.grpc.Component;
import io.axoniq.axonserver.grpc.admin.AdminActionResult;
import io.axoniq.axonserver.grpc.admin.EventProcessor;
import io.axoniq.axonserver.grpc.admin.EventProcessorAdminServiceGrpc;
import io.axoniq.axonserver.grpc.admin.EventProcessorIdentifier;
import io.axoniq.axonserver.grpc.admin.EventProcessorInstance;
import io.axoniq.axonserver.grpc.admin.EventProcessorSegment;
import io.axoniq.axonserver.grpc.admin.MoveSegment;
import io.axoniq.axonserver.grpc.admin.Result;
import io.axoniq.axonserver.grpc.control.EventProcessorInfo;
import io.axoniq.axonserver.grpc.control.EventProcessorInfo.SegmentStatus;
import io.grpc.stub.StreamObserver;
import jangter.axonserver.processors.Instance;
import jangter.axonserver.processors.ProcessorFailure;
import jangter.axonserver.processors.Processors;
import jangter.axonserver.processors.Processors.Processor;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

final class ProcessorAdminCalls extends EventProcessorAdminServiceGrpc.EventProcessorAdminServiceImplBase {

    private static final AdminActionResult DONE = AdminActionResult.newBuilder().setResult(Result.SUCCESS).build();

    private final Processors processors;

    ProcessorAdminCalls(Processors processors) {
        this.processors = processors;
    }

    @Override
    public void pauseEventProcessor(EventProcessorIdentifier id, StreamObserver<AdminActionResult> response) {
        order(id, response, processors::pause);
    }

    @Override
    public void startEventProcessor(EventProcessorIdentifier id, StreamObserver<AdminActionResult> response) {
        order(id, response, processors::start);
    }

    @Override
    public void splitEventProcessor(EventProcessorIdentifier id, StreamObserver<AdminActionResult> response) {
        order(id, response, processors::split);
    }

    @Override
    public void mergeEventProcessor(EventProcessorIdentifier id, StreamObserver<AdminActionResult> response) {
        order(id, response, processors::merge);
    }

    @Override
    public void moveEventProcessorSegment(MoveSegment move, StreamObserver<AdminActionResult> response) {
        order(move.getEventProcessor(), response,
                processor -> processors.move(processor, move.getSegment(), move.getTargetClientId()));
    }

    private static void order(EventProcessorIdentifier id, StreamObserver<AdminActionResult> response,
                              Function<Processor, CompletableFuture<Void>> order) {
        try {
            Processor processor = new Processor(id.getProcessorName(), id.getTokenStoreIdentifier());
            Calls.answer(response, order.apply(processor).thenApply(done -> DONE));
        } catch (ProcessorFailure e) {
            response.onError(Refusal.of(e));
        }
    }

    @Override
    public void getAllEventProcessors(Empty all, StreamObserver<EventProcessor> response) {
        processors.all().forEach((processor, instances) -> response.onNext(describe(processor, instances)));
        response.onCompleted();
    }

    @Override
    public void getEventProcessorsByComponent(Component component, StreamObserver<EventProcessor> response) {
        processors.all().forEach((processor, instances) -> {
            if (instances.stream().anyMatch(instance -> instance.client().component().equals(component.getComponent()))) {
                response.onNext(describe(processor, instances));
            }
        });
        response.onCompleted();
    }

    private static EventProcessor describe(Processor processor, List<Instance> instances) {
        EventProcessorInfo any = instances.get(0).info();
        return EventProcessor.newBuilder()
                .setIdentifier(EventProcessorIdentifier.newBuilder()
                        .setProcessorName(processor.name())
                        .setTokenStoreIdentifier(processor.tokenStore())
                        .setContextName(Access.CONTEXT))
                .setMode(any.getMode())
                .setIsStreaming(any.getIsStreamingProcessor())
                .setLoadBalancingStrategyName(any.getLoadBalancingStrategyName())
                .addAllClientInstance(instances.stream().map(ProcessorAdminCalls::describe).toList())
                .build();
    }

    private static EventProcessorInstance describe(Instance instance) {
        EventProcessorInfo info = instance.info();
        return EventProcessorInstance.newBuilder()
                .setClientId(instance.client().id())
                .setIsRunning(info.getRunning())
                .setMaxCapacity(info.getAvailableThreads() + info.getSegmentStatusCount())
                .addAllClaimedSegment(info.getSegmentStatusList().stream()
                        .map(segment -> describe(instance.client().id(), segment))
                        .toList())
                .build();
    }

    private static EventProcessorSegment describe(String clientId, SegmentStatus segment) {
        return EventProcessorSegment.newBuilder()
                .setId(segment.getSegmentId())
                .setOnePartOf(segment.getOnePartOf())
                .setClaimedBy(clientId)
                .setIsCaughtUp(segment.getCaughtUp())
                .setIsReplaying(segment.getReplaying())
                .setTokenPosition(segment.getTokenPosition())
                .setIsInError(!segment.getErrorState().isEmpty())
                .setError(segment.getErrorState())
                .build();
    }
}
