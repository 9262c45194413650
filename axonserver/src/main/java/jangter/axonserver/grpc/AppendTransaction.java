package jangter.axonserver.grpc;

import io.axoniq.axonserver.grpc.event.Confirmation;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import jangter.axonserver.store.EventStore;
import jangter.axonserver.store.NewEvent;

import java.util.ArrayList;
import java.util.List;

/** One client stream of events: appended as a whole when the client closes it, forgotten when the client cancels it. */
final class AppendTransaction implements StreamObserver<NewEvent> {

    private static final Confirmation CONFIRMED = Confirmation.newBuilder().setSuccess(true).build();

    private final EventStore store;
    private final Admission admission;
    private final ServerCallStreamObserver<Confirmation> call;
    private final List<NewEvent> events = new ArrayList<>(4);
    private long bytes;
    private boolean handedOver;

    AppendTransaction(EventStore store, Admission admission, ServerCallStreamObserver<Confirmation> call) {
        this.store = store;
        this.admission = admission;
        this.call = call;
        call.disableAutoRequest();
        call.setOnCancelHandler(this::rollBack);
        admission.enter(() -> call.request(Integer.MAX_VALUE));
    }

    @Override
    public void onNext(NewEvent event) {
        events.add(event);
        bytes += event.message().length;
        admission.hold(event.message().length);
    }

    @Override
    public void onError(Throwable failure) {
        rollBack();
    }

    private void rollBack() {
        if (!handedOver) {
            handedOver = true;
            admission.release(bytes);
        }
    }

    @Override
    public void onCompleted() {
        handedOver = true;
        Calls.answer(call, store.append(events)
                .whenComplete((done, failure) -> admission.release(bytes))
                .thenApply(done -> CONFIRMED));
    }
}
