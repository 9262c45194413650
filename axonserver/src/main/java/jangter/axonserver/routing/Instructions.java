package jangter.axonserver.routing;

import io.axoniq.axonserver.grpc.ErrorMessage;
import io.axoniq.axonserver.grpc.MetaDataValue;
import io.axoniq.axonserver.grpc.ProcessingInstruction;
import io.axoniq.axonserver.grpc.ProcessingKey;

import java.util.List;
import java.util.Optional;

/** What a message asks of the server on its way. */
final class Instructions {

    private Instructions() {
    }

    static long number(List<ProcessingInstruction> instructions, ProcessingKey key, long otherwise) {
        return value(instructions, key).map(MetaDataValue::getNumberValue).orElse(otherwise);
    }

    static boolean flag(List<ProcessingInstruction> instructions, ProcessingKey key) {
        return value(instructions, key).map(MetaDataValue::getBooleanValue).orElse(false);
    }

    static Optional<String> text(List<ProcessingInstruction> instructions, ProcessingKey key) {
        return value(instructions, key).map(MetaDataValue::getTextValue);
    }

    private static Optional<MetaDataValue> value(List<ProcessingInstruction> instructions, ProcessingKey key) {
        for (ProcessingInstruction instruction : instructions) {
            if (instruction.getKey() == key) {
                return Optional.of(instruction.getValue());
            }
        }
        return Optional.empty();
    }

    static ErrorMessage error(String code, String message) {
        return ErrorMessage.newBuilder().setErrorCode(code).setMessage(message).setLocation("AxonServer").build();
    }
}
