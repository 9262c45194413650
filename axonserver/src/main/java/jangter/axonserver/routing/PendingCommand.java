package jangter.axonserver.routing;

import io.axoniq.axonserver.grpc.ProcessingKey;
import io.axoniq.axonserver.grpc.command.Command;
import io.axoniq.axonserver.grpc.command.CommandResponse;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A command that its sender waits for. However many answers turn up, the sender gets the first. */
final class PendingCommand {

    private final Command command;
    private final Consumer<CommandResponse> sender;
    private final long deadline;
    private final AtomicBoolean answered = new AtomicBoolean();
    private volatile @Nullable CommandHandler handler;

    PendingCommand(Command command, Consumer<CommandResponse> sender, long deadline) {
        this.command = command;
        this.sender = sender;
        this.deadline = deadline;
    }

    Command command() {
        return command;
    }

    String id() {
        return command.getMessageIdentifier();
    }

    String routingKey() {
        return Instructions.text(command.getProcessingInstructionsList(), ProcessingKey.ROUTING_KEY).orElse(id());
    }

    long priority() {
        return Instructions.number(command.getProcessingInstructionsList(), ProcessingKey.PRIORITY, 0);
    }

    boolean isOverdue(long now) {
        return now >= deadline;
    }

    @Nullable CommandHandler handler() {
        return handler;
    }

    void routedTo(CommandHandler chosen) {
        handler = chosen;
    }

    void answer(CommandResponse response) {
        if (answered.compareAndSet(false, true)) {
            sender.accept(response);
        }
    }

    void refuse(String code, String message) {
        answer(CommandResponse.newBuilder()
                .setMessageIdentifier(id())
                .setRequestIdentifier(id())
                .setErrorCode(code)
                .setErrorMessage(Instructions.error(code, message))
                .build());
    }

    /** The sender has gone. */
    void abandon() {
        answered.set(true);
    }

    boolean isAnswered() {
        return answered.get();
    }
}
