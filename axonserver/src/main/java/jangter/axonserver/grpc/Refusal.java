package jangter.axonserver.grpc;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import jangter.axonserver.processors.ProcessorFailure;
import jangter.axonserver.store.InvalidSequenceException;
import jangter.axonserver.store.StoreFailedException;

import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** A failed call as the connector reads it: a status, the code as a trailer, and both the code and the text in the description. */
final class Refusal {

    static final Metadata.Key<String> ERROR_CODE = Metadata.Key.of("AxonIQ-ErrorCode", Metadata.ASCII_STRING_MARSHALLER);

    private Refusal() {
    }

    static Status status(Status status, String code, String text) {
        return status.withDescription("[%s] %s".formatted(code, text));
    }

    static Metadata trailers(String code) {
        Metadata trailers = new Metadata();
        trailers.put(ERROR_CODE, code);
        return trailers;
    }

    static StatusRuntimeException of(Status status, String code, String text) {
        return status(status, code, text).asRuntimeException(trailers(code));
    }

    static StatusRuntimeException of(Throwable failure) {
        if (failure instanceof CompletionException && failure.getCause() != null) {
            return of(failure.getCause());
        }
        if (failure instanceof StatusRuntimeException refusal) {
            return refusal;
        }
        if (failure instanceof InvalidSequenceException) {
            return of(Status.OUT_OF_RANGE, "AXONIQ-2000", failure.getMessage());
        }
        if (failure instanceof StoreFailedException store) {
            return of(Status.INTERNAL, store.whileWriting() ? "AXONIQ-9100" : "AXONIQ-9000", store.getMessage());
        }
        if (failure instanceof ProcessorFailure processor) {
            boolean unknown = processor.code().equals("AXONIQ-2800");
            return of(unknown ? Status.NOT_FOUND : Status.INTERNAL, processor.code(), processor.getMessage());
        }
        if (failure instanceof TimeoutException) {
            return of(Status.DEADLINE_EXCEEDED, "AXONIQ-1004", "The client did not report on the instruction in time");
        }
        return of(Status.INTERNAL, "AXONIQ-0001", String.valueOf(failure.getMessage()));
    }
}
