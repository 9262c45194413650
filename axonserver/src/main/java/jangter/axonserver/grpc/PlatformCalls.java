package jangter.axonserver.grpc;

import io.axoniq.axonserver.grpc.InstructionAck;
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
        return new StreamObserver<>() {
            @Override
            public void onNext(PlatformInboundInstruction message) {
                switch (message.getRequestCase()) {
                    case REGISTER -> client.register(message.getRegister());
                    case EVENT_PROCESSOR_INFO -> client.report(message.getEventProcessorInfo());
                    case RESULT -> client.result(message.getResult());
                    case HEARTBEAT, ACK -> { }
                    default -> {
                        acknowledge(message, Acknowledgement.unknownInstruction(message.getInstructionId()));
                        return;
                    }
                }
                acknowledge(message, Acknowledgement.success(message.getInstructionId()));
            }

            private void acknowledge(PlatformInboundInstruction message, InstructionAck ack) {
                if (!message.getInstructionId().isEmpty()) {
                    outlet.send(PlatformOutboundInstruction.newBuilder().setAck(ack).build());
                }
            }

            @Override
            public void onError(Throwable failure) {
                processors.disconnect(client);
            }

            @Override
            public void onCompleted() {
                processors.disconnect(client);
                outlet.complete();
            }
        };
    }
}
