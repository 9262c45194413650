package jangter.axonserver.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

import java.util.concurrent.CompletableFuture;

/** What the services have in common in answering. */
final class Calls {

    private Calls() {
    }

    /** In a server every response observer is one of these; the generated signatures do not say so. */
    static <T> ServerCallStreamObserver<T> server(StreamObserver<T> response) {
        return (ServerCallStreamObserver<T>) response;
    }

    static <T> void answer(StreamObserver<T> response, CompletableFuture<T> result) {
        CallOutlet<T> outlet = new CallOutlet<>(server(response));
        result.whenComplete((value, failure) -> {
            if (failure == null) {
                outlet.send(value);
                outlet.complete();
            } else {
                outlet.fail(failure);
            }
        });
    }
}
