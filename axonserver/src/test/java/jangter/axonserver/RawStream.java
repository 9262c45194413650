package jangter.axonserver;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** One call as it is on the wire, for what the connector does not show or never does: exact permits, a reader that stalls. */
final class RawStream<Q, R> implements AutoCloseable {

    private final ManagedChannel channel;
    private final ClientCall<Q, R> call;
    private final List<R> received = new CopyOnWriteArrayList<>();
    private volatile @Nullable Status status;
    private volatile @Nullable Metadata trailers;

    /** @param window how many messages are taken; more can be asked for with {@link #take} */
    RawStream(String address, MethodDescriptor<Q, R> method, int window) {
        this(address, method, window, new Metadata());
    }

    RawStream(String address, MethodDescriptor<Q, R> method, int window, Metadata headers) {
        channel = NettyChannelBuilder.forTarget(address).usePlaintext().build();
        call = channel.newCall(method, CallOptions.DEFAULT);
        call.start(new ClientCall.Listener<>() {
            @Override
            public void onMessage(R message) {
                received.add(message);
            }

            @Override
            public void onClose(Status closed, Metadata with) {
                trailers = with;
                status = closed;
            }
        }, headers);
        call.request(window);
    }

    void send(Q message) {
        call.sendMessage(message);
    }

    void halfClose() {
        call.halfClose();
    }

    void cancel() {
        call.cancel("cancelled by the test", null);
    }

    void take(int more) {
        call.request(more);
    }

    List<R> received() {
        return received;
    }

    @Nullable Status status() {
        return status;
    }

    String errorCode() {
        Metadata closed = trailers;
        String code = closed == null ? null : closed.get(Metadata.Key.of("AxonIQ-ErrorCode", Metadata.ASCII_STRING_MARSHALLER));
        return String.valueOf(code);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
