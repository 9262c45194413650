package jangter.axonserver.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import jangter.axonserver.routing.Outlet;

/** A call's stream observers are not made for many threads; this is. */
final class CallOutlet<T> implements Outlet<T> {

    private final ServerCallStreamObserver<T> call;
    private boolean closed;

    CallOutlet(ServerCallStreamObserver<T> call) {
        this.call = call;
    }

    @Override
    public boolean isReady() {
        return call.isReady();
    }

    @Override
    public synchronized void send(T message) {
        if (!closed && !call.isCancelled()) {
            call.onNext(message);
        }
    }

    synchronized void complete() {
        if (!closed && !call.isCancelled()) {
            closed = true;
            call.onCompleted();
        }
    }

    synchronized void fail(Throwable failure) {
        if (!closed && !call.isCancelled()) {
            closed = true;
            call.onError(Refusal.of(failure));
        }
    }
}
