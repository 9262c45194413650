package jangter.axonserver.grpc;

import io.axoniq.axonserver.grpc.command.Command;
import io.axoniq.axonserver.grpc.command.CommandProviderInbound;
import io.axoniq.axonserver.grpc.command.CommandProviderOutbound;
import io.axoniq.axonserver.grpc.command.CommandResponse;
import io.axoniq.axonserver.grpc.command.CommandServiceGrpc;
import io.axoniq.axonserver.grpc.command.CommandSubscription;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import jangter.axonserver.routing.CommandHandler;
import jangter.axonserver.routing.CommandRouter;
import jangter.axonserver.routing.Outlet;

final class CommandCalls extends CommandServiceGrpc.CommandServiceImplBase {

    private final CommandRouter router;

    CommandCalls(CommandRouter router) {
        this.router = router;
    }

    @Override
    public void dispatch(Command command, StreamObserver<CommandResponse> response) {
        ServerCallStreamObserver<CommandResponse> call = Calls.server(response);
        CallOutlet<CommandResponse> sender = new CallOutlet<>(call);
        // set before the command is dispatched, since it may not be set once this method has returned
        Runnable[] gone = {() -> { }};
        call.setOnCancelHandler(() -> gone[0].run());
        gone[0] = router.dispatch(command, answer -> {
            sender.send(answer);
            sender.complete();
        });
    }

    @Override
    public StreamObserver<CommandProviderOutbound> openStream(StreamObserver<CommandProviderInbound> response) {
        ServerCallStreamObserver<CommandProviderInbound> call = Calls.server(response);
        CallOutlet<CommandProviderInbound> outlet = new CallOutlet<>(call);
        CommandHandler handler = router.connect(new Outlet<>() {
            @Override
            public boolean isReady() {
                return outlet.isReady();
            }

            @Override
            public void send(Command command) {
                outlet.send(CommandProviderInbound.newBuilder().setCommand(command).build());
            }
        });
        call.setOnReadyHandler(handler::ready);
        call.setOnCancelHandler(handler::lost);
        return new InstructionStream<>(outlet, CommandProviderOutbound::getInstructionId,
                ack -> CommandProviderInbound.newBuilder().setAck(ack).build(), message -> follow(message, handler), handler::lost);
    }

    private static boolean follow(CommandProviderOutbound message, CommandHandler handler) {
        switch (message.getRequestCase()) {
            case SUBSCRIBE -> {
                CommandSubscription subscription = message.getSubscribe();
                handler.subscribe(subscription.getCommand(), subscription.getClientId(), subscription.getLoadFactor());
            }
            case UNSUBSCRIBE -> handler.unsubscribe(message.getUnsubscribe().getCommand());
            case FLOW_CONTROL -> handler.addPermits(message.getFlowControl().getPermits());
            case COMMAND_RESPONSE -> handler.answer(message.getCommandResponse());
            case ACK -> { }
            default -> {
                return false;
            }
        }
        return true;
    }
}
