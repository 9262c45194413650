package jangter.axonserver.grpc;

import io.axoniq.axonserver.grpc.event.Confirmation;
import io.axoniq.axonserver.grpc.event.EventStoreGrpc;
import io.axoniq.axonserver.grpc.event.GetAggregateEventsRequest;
import io.axoniq.axonserver.grpc.event.GetAggregateSnapshotsRequest;
import io.axoniq.axonserver.grpc.event.GetEventsRequest;
import io.axoniq.axonserver.grpc.event.GetFirstTokenRequest;
import io.axoniq.axonserver.grpc.event.GetLastTokenRequest;
import io.axoniq.axonserver.grpc.event.GetTokenAtRequest;
import io.axoniq.axonserver.grpc.event.QueryEventsRequest;
import io.axoniq.axonserver.grpc.event.QueryEventsResponse;
import io.axoniq.axonserver.grpc.event.ReadHighestSequenceNrRequest;
import io.axoniq.axonserver.grpc.event.ReadHighestSequenceNrResponse;
import io.axoniq.axonserver.grpc.event.TrackingToken;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import jangter.axonserver.store.EventStore;
import jangter.axonserver.store.NewEvent;
import jangter.axonserver.store.StoredEvent;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The event store's calls. Its service is put together by hand, since events pass through as the bytes they are, where the generated
 * one would parse and rebuild each.
 */
final class EventCalls {

    private final EventStore store;
    private final Executor readers;
    private final Admission admission;
    private final Set<PacedStream<?>> tails = ConcurrentHashMap.newKeySet();

    EventCalls(EventStore store, Executor readers, Admission admission) {
        this.store = store;
        this.readers = readers;
        this.admission = admission;
        store.onAppend(() -> tails.forEach(PacedStream::wake));
    }

    ServerServiceDefinition service() {
        return ServerServiceDefinition.builder(EventStoreGrpc.SERVICE_NAME)
                .addMethod(receiving(EventStoreGrpc.getAppendEventMethod()), ServerCalls.asyncClientStreamingCall(
                        response -> new AppendTransaction(store, admission, Calls.server(response))))
                .addMethod(receiving(EventStoreGrpc.getAppendSnapshotMethod()), ServerCalls.asyncUnaryCall(this::appendSnapshot))
                .addMethod(sending(EventStoreGrpc.getListAggregateEventsMethod()),
                        ServerCalls.asyncServerStreamingCall(this::listAggregateEvents))
                .addMethod(sending(EventStoreGrpc.getListAggregateSnapshotsMethod()),
                        ServerCalls.asyncServerStreamingCall(this::listAggregateSnapshots))
                .addMethod(sending(EventStoreGrpc.getListEventsMethod()),
                        ServerCalls.asyncBidiStreamingCall(response -> listEvents(Calls.server(response))))
                .addMethod(EventStoreGrpc.getReadHighestSequenceNrMethod(), ServerCalls.asyncUnaryCall(this::readHighestSequence))
                .addMethod(EventStoreGrpc.getQueryEventsMethod(), ServerCalls.asyncBidiStreamingCall(EventCalls::queryEvents))
                .addMethod(EventStoreGrpc.getGetFirstTokenMethod(), ServerCalls.asyncUnaryCall(this::firstToken))
                .addMethod(EventStoreGrpc.getGetLastTokenMethod(), ServerCalls.asyncUnaryCall(this::lastToken))
                .addMethod(EventStoreGrpc.getGetTokenAtMethod(), ServerCalls.asyncUnaryCall(this::tokenAt))
                .build();
    }

    private static final Marshaller<NewEvent> APPENDED = new Marshaller<>() {
        @Override
        public InputStream stream(NewEvent event) {
            throw new UnsupportedOperationException("Appended events are only received");
        }

        @Override
        public NewEvent parse(InputStream message) {
            try {
                return NewEvent.parse(message.readNBytes(message.available()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    private static <R> MethodDescriptor<NewEvent, R> receiving(MethodDescriptor<?, R> generated) {
        return generated.toBuilder(APPENDED, generated.getResponseMarshaller()).build();
    }

    private static <Q> MethodDescriptor<Q, EventFrame> sending(MethodDescriptor<Q, ?> generated) {
        return generated.toBuilder(generated.getRequestMarshaller(), EventFrame.MARSHALLER).build();
    }

    private void appendSnapshot(NewEvent snapshot, StreamObserver<Confirmation> response) {
        Calls.answer(response, store.appendSnapshot(snapshot)
                .thenApply(done -> Confirmation.newBuilder().setSuccess(true).build()));
    }

    private void listAggregateEvents(GetAggregateEventsRequest request, StreamObserver<EventFrame> response) {
        start(response, new AggregateEvents(store, request));
    }

    private void listAggregateSnapshots(GetAggregateSnapshotsRequest request, StreamObserver<EventFrame> response) {
        int limit = request.getMaxResults() <= 0 ? Integer.MAX_VALUE : request.getMaxResults();
        // 0 is no "unlimited" here: the framework pages backwards and would begin again for ever
        start(response, new Snapshots(() -> store.readSnapshots(request.getAggregateId(), request.getInitialSequence(),
                request.getMaxSequence(), limit).iterator()));
    }

    private static final class Snapshots implements PacedStream.Source<EventFrame> {

        private final Supplier<Iterator<StoredEvent>> read;
        private @Nullable Iterator<StoredEvent> found;

        private Snapshots(Supplier<Iterator<StoredEvent>> read) {
            this.read = read;
        }

        @Override
        public @Nullable EventFrame next() {
            if (found == null) {
                found = read.get();
            }
            return found.hasNext() ? EventFrame.plain(found.next()) : null;
        }

        @Override
        public boolean ended() {
            return found != null && !found.hasNext();
        }
    }

    private void start(StreamObserver<EventFrame> response, PacedStream.Source<EventFrame> source) {
        ServerCallStreamObserver<EventFrame> call = Calls.server(response);
        call.setOnCancelHandler(() -> { });
        new PacedStream<>(call, readers, source).wake();
    }

    /** The first request opens the stream; later ones add permits, or types to skip. */
    private StreamObserver<GetEventsRequest> listEvents(ServerCallStreamObserver<EventFrame> call) {
        TailHolder holder = new TailHolder();
        PacedStream<EventFrame> stream = new PacedStream<>(call, readers, holder);
        call.setOnCancelHandler(() -> tails.remove(stream));
        return new StreamObserver<>() {
            @Override
            public void onNext(GetEventsRequest request) {
                if (holder.tail == null) {
                    holder.tail = new EventTail(store, request);
                    tails.add(stream);
                } else {
                    holder.tail.more(request);
                }
                stream.wake();
            }

            @Override
            public void onError(Throwable failure) {
                tails.remove(stream);
            }

            @Override
            public void onCompleted() {
                tails.remove(stream);
                holder.closed = true;
                stream.wake();
            }
        };
    }

    /** After the store was emptied, nobody's position means anything any more. */
    void endTails() {
        tails.forEach(stream -> stream.end(Refusal.of(Status.UNAVAILABLE, "AXONIQ-0001", "The store was emptied")));
        tails.clear();
    }

    /** A call's handlers have to be set before its first request says where to begin. */
    private static final class TailHolder implements PacedStream.Source<EventFrame> {

        private volatile @Nullable EventTail tail;
        private volatile boolean closed;

        @Override
        public @Nullable EventFrame next() {
            EventTail opened = tail;
            return opened == null || closed ? null : opened.next();
        }

        @Override
        public boolean ended() {
            return closed;
        }
    }

    private void readHighestSequence(ReadHighestSequenceNrRequest request, StreamObserver<ReadHighestSequenceNrResponse> response) {
        Calls.answer(response, CompletableFuture.supplyAsync(() -> ReadHighestSequenceNrResponse.newBuilder()
                .setToSequenceNr(store.highestSequence(request.getAggregateId())).build(), readers));
    }

    private static StreamObserver<QueryEventsRequest> queryEvents(StreamObserver<QueryEventsResponse> response) {
        response.onError(Refusal.of(Status.UNIMPLEMENTED, "AXONIQ-0001", "This development server has no query language for events"));
        return new StreamObserver<>() {
            @Override
            public void onNext(QueryEventsRequest request) {
                // already answered
            }

            @Override
            public void onError(Throwable failure) {
                // already answered
            }

            @Override
            public void onCompleted() {
                // already answered
            }
        };
    }

    private void firstToken(GetFirstTokenRequest request, StreamObserver<TrackingToken> response) {
        answer(0, response);
    }

    private void lastToken(GetLastTokenRequest request, StreamObserver<TrackingToken> response) {
        answer(store.lastToken(), response);
    }

    private void tokenAt(GetTokenAtRequest request, StreamObserver<TrackingToken> response) {
        Calls.answer(response, CompletableFuture.supplyAsync(() -> TrackingToken.newBuilder()
                .setToken(store.tokenAt(request.getInstant())).build(), readers));
    }

    private static void answer(long token, StreamObserver<TrackingToken> response) {
        response.onNext(TrackingToken.newBuilder().setToken(token).build());
        response.onCompleted();
    }
}
