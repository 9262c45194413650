package jangter.axonserver.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends what a source has, no faster than the client takes it: whatever is not wanted yet stays in the store. Runs on an executor,
 * one thread at a time, and rests when there is nothing to send or nobody to take it.
 */
final class PacedStream<T> {

    /** Then another stream has its turn on the thread. */
    private static final int SENT_IN_TURN = 4_096;
    /** How much of a stream may wait in the connection, in bytes: gRPC's own 32 KiB make for many small turns. */
    private static final int READY_THRESHOLD = 256 * 1024;

    interface Source<T> {

        /** {@code null} if there is nothing to send now. */
        @Nullable T next();

        /** Whether there will never be anything again. */
        boolean ended();
    }

    private final ServerCallStreamObserver<T> call;
    private final Executor executor;
    private final Source<T> source;
    private final AtomicInteger wakes = new AtomicInteger();
    private boolean finished;
    private volatile @Nullable RuntimeException end;

    /** To be made within the call's service method, where gRPC still lets handlers be set. */
    PacedStream(ServerCallStreamObserver<T> call, Executor executor, Source<T> source) {
        this.call = call;
        this.executor = executor;
        this.source = source;
        call.setOnReadyThreshold(READY_THRESHOLD);
        call.setOnReadyHandler(this::wake);
    }

    void wake() {
        if (wakes.getAndIncrement() == 0) {
            execute();
        }
    }

    void end(RuntimeException reason) {
        end = reason;
        wake();
    }

    private void execute() {
        try {
            executor.execute(this::takeTurn);
        } catch (RejectedExecutionException e) {
            // the server is shutting down
            wakes.set(0);
        }
    }

    private void takeTurn() {
        int seen = wakes.get();
        do {
            if (!send()) {
                execute();
                return;
            }
            seen = wakes.addAndGet(-seen);
        } while (seen != 0);
    }

    /** Whether the turn is over because there is nothing more to do. */
    private boolean send() {
        try {
            for (int sent = 0; sent < SENT_IN_TURN; sent++) {
                RuntimeException ending = end;
                if (ending != null && !finished) {
                    throw ending;
                }
                if (finished || call.isCancelled() || !call.isReady()) {
                    return true;
                }
                T next = source.next();
                if (next == null) {
                    if (source.ended()) {
                        finished = true;
                        call.onCompleted();
                    }
                    return true;
                }
                call.onNext(next);
            }
            return false;
        } catch (RuntimeException e) {
            finished = true;
            if (!call.isCancelled()) {
                call.onError(Refusal.of(e));
            }
            return true;
        }
    }
}
