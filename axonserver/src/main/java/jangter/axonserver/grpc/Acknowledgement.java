package jangter.axonserver.grpc;

import io.axoniq.axonserver.grpc.ErrorMessage;
import io.axoniq.axonserver.grpc.InstructionAck;

/** An instruction that comes with an id is acknowledged on its stream; one without is not. */
final class Acknowledgement {

    private Acknowledgement() {
    }

    static InstructionAck success(String instructionId) {
        return InstructionAck.newBuilder().setInstructionId(instructionId).setSuccess(true).build();
    }

    static InstructionAck unknownInstruction(String instructionId) {
        return InstructionAck.newBuilder()
                .setInstructionId(instructionId)
                .setSuccess(false)
                .setError(ErrorMessage.newBuilder().setErrorCode("AXONIQ-1002").setMessage("Unsupported instruction"))
                .build();
    }
}
