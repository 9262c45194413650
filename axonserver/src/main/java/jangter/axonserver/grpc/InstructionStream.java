package jangter.axonserver.grpc;

import io.axoniq.axonserver.grpc.InstructionAck;
import io.grpc.stub.StreamObserver;

import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A client's stream of instructions. Each that comes with an id is acknowledged, one that nobody knows with a failure; the stream's end,
 * however it comes, is told.
 *
 * @param outlet         the way back to the client
 * @param instructionId  an instruction's id, empty for none
 * @param acknowledgement wraps an acknowledgement for the way back
 * @param known          follows an instruction, and tells whether it was a known one
 * @param lost           is run when the client has gone
 */
record InstructionStream<I, O>(CallOutlet<O> outlet, Function<I, String> instructionId, Function<InstructionAck, O> acknowledgement,
                               Predicate<I> known, Runnable lost) implements StreamObserver<I> {

    @Override
    public void onNext(I instruction) {
        boolean followed = known.test(instruction);
        String id = instructionId.apply(instruction);
        if (!id.isEmpty()) {
            outlet.send(acknowledgement.apply(followed ? Acknowledgement.success(id) : Acknowledgement.unknownInstruction(id)));
        }
    }

    @Override
    public void onError(Throwable failure) {
        lost.run();
    }

    @Override
    public void onCompleted() {
        lost.run();
        outlet.complete();
    }
}
