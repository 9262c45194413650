package jangter.axonserver.grpc;

import io.axoniq.axonserver.grpc.control.ClientIdentification;
import io.axoniq.axonserver.grpc.control.NodeInfo;
import io.axoniq.axonserver.grpc.control.PlatformInboundInstruction;
import io.axoniq.axonserver.grpc.control.PlatformInfo;
import io.axoniq.axonserver.grpc.control.PlatformOutboundInstruction;
import io.axoniq.axonserver.grpc.control.PlatformServiceGrpc;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import jangter.axonserver.processors.Client;
import jangter.axonserver.processors.Processors;

import java.util.function.Supplier;

final class PlatformCalls extends PlatformServiceGrpc.PlatformServiceImplBase {

    private final Processors processors;
    private final Supplier<NodeInfo> node;

    PlatformCalls(Processors processors, Supplier<NodeInfo> node) {
        this.processors = processors;
        this.node = node;
    }

    @Override
    public void getPlatformServer(ClientIdentification client, StreamObserver<PlatformInfo> response) {
        response.onNext(PlatformInfo.newBuilder().setPrimary(node.get()).setSameConnection(true).build());
        response.onCompleted();
    }

    @Override
    public StreamObserver<PlatformInboundInstruction> openStream(StreamObserver<PlatformOutboundInstruction> response) {
        ServerCallStreamObserver<PlatformOutboundInstruction> call = Calls.server(response);
        CallOutlet<PlatformOutboundInstruction> outlet = new CallOutlet<>(call);
        Client client = processors.connect(outlet);
        call.setOnCancelHandler(() -> processors.disconnect(client));
        return new InstructionStream<>(outlet, PlatformInboundInstruction::getInstructionId,
                ack -> PlatformOutboundInstruction.newBuilder().setAck(ack).build(), message -> follow(message, client),
                () -> processors.disconnect(client));
    }

    private static boolean follow(PlatformInboundInstruction message, Client client) {
        switch (message.getRequestCase()) {
            case REGISTER -> client.register(message.getRegister());
            case EVENT_PROCESSOR_INFO -> client.report(message.getEventProcessorInfo());
            case RESULT -> client.result(message.getResult());
            case HEARTBEAT, ACK -> { }
            default -> {
                return false;
            }
        }
        return true;
    }
}
