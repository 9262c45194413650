package jangter.axonserver.grpc;

import io.axoniq.axonserver.grpc.query.QueryProviderInbound;
import io.axoniq.axonserver.grpc.query.QueryProviderOutbound;
import io.axoniq.axonserver.grpc.query.QueryRequest;
import io.axoniq.axonserver.grpc.query.QueryResponse;
import io.axoniq.axonserver.grpc.query.QueryServiceGrpc;
import io.axoniq.axonserver.grpc.query.QuerySubscription;
import io.axoniq.axonserver.grpc.query.SubscriptionQueryRequest;
import io.axoniq.axonserver.grpc.query.SubscriptionQueryResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import jangter.axonserver.routing.QueryCaller;
import jangter.axonserver.routing.QueryHandler;
import jangter.axonserver.routing.QueryRouter;
import jangter.axonserver.routing.RunningQuery;
import jangter.axonserver.routing.SubscriptionQueryCaller;
import jangter.axonserver.routing.SubscriptionQueryRun;

import java.util.concurrent.atomic.AtomicReference;

final class QueryCalls extends QueryServiceGrpc.QueryServiceImplBase {

    private final QueryRouter router;

    QueryCalls(QueryRouter router) {
        this.router = router;
    }

    @Override
    public void query(QueryRequest request, StreamObserver<QueryResponse> response) {
        ServerCallStreamObserver<QueryResponse> call = Calls.server(response);
        CallOutlet<QueryResponse> outlet = new CallOutlet<>(call);
        AtomicReference<RunningQuery> running = new AtomicReference<>();
        call.setOnCancelHandler(() -> running.get().cancel());
        call.setOnReadyHandler(() -> {
            RunningQuery query = running.get();
            if (query != null) {
                query.replenish();
            }
        });
        running.set(router.query(request, new QueryCaller() {
            @Override
            public boolean isReady() {
                return outlet.isReady();
            }

            @Override
            public void send(QueryResponse message) {
                outlet.send(message);
            }

            @Override
            public void complete() {
                outlet.complete();
            }
        }));
    }

    @Override
    public StreamObserver<QueryProviderOutbound> openStream(StreamObserver<QueryProviderInbound> response) {
        ServerCallStreamObserver<QueryProviderInbound> call = Calls.server(response);
        CallOutlet<QueryProviderInbound> outlet = new CallOutlet<>(call);
        QueryHandler handler = router.connect(outlet);
        call.setOnReadyHandler(handler::ready);
        call.setOnCancelHandler(handler::lost);
        return new InstructionStream<>(outlet, QueryProviderOutbound::getInstructionId,
                ack -> QueryProviderInbound.newBuilder().setAck(ack).build(), message -> follow(message, handler), handler::lost);
    }

    private static boolean follow(QueryProviderOutbound message, QueryHandler handler) {
        switch (message.getRequestCase()) {
            case SUBSCRIBE -> {
                QuerySubscription subscription = message.getSubscribe();
                handler.subscribe(subscription.getQuery(), subscription.getClientId(), subscription.getComponentName());
            }
            case UNSUBSCRIBE -> handler.unsubscribe(message.getUnsubscribe().getQuery());
            case FLOW_CONTROL -> handler.addPermits(message.getFlowControl().getPermits());
            case QUERY_RESPONSE -> handler.answer(message.getQueryResponse());
            case QUERY_COMPLETE -> handler.complete(message.getQueryComplete().getRequestId());
            case SUBSCRIPTION_QUERY_RESPONSE -> handler.update(message.getSubscriptionQueryResponse());
            case ACK -> { }
            default -> {
                return false;
            }
        }
        return true;
    }

    @Override
    public StreamObserver<SubscriptionQueryRequest> subscription(StreamObserver<SubscriptionQueryResponse> response) {
        ServerCallStreamObserver<SubscriptionQueryResponse> call = Calls.server(response);
        CallOutlet<SubscriptionQueryResponse> outlet = new CallOutlet<>(call);
        SubscriptionQueryRun run = router.subscriptionQuery(new SubscriptionQueryCaller() {
            @Override
            public boolean isReady() {
                return outlet.isReady();
            }

            @Override
            public void send(SubscriptionQueryResponse message) {
                outlet.send(message);
            }

            @Override
            public void overrun() {
                outlet.fail(Refusal.of(Status.CANCELLED, "AXONIQ-0001", "More updates than the subscription query has permits for"));
            }
        });
        call.setOnCancelHandler(run::end);
        return new StreamObserver<>() {
            @Override
            public void onNext(SubscriptionQueryRequest request) {
                switch (request.getRequestCase()) {
                    case SUBSCRIBE -> run.subscribe(request.getSubscribe());
                    case UNSUBSCRIBE -> run.end();
                    case GET_INITIAL_RESULT -> run.initialResult(request.getGetInitialResult());
                    case FLOW_CONTROL -> run.addPermits(request.getFlowControl().getNumberOfPermits());
                    default -> { }
                }
            }

            @Override
            public void onError(Throwable failure) {
                run.end();
            }

            @Override
            public void onCompleted() {
                run.end();
                outlet.complete();
            }
        };
    }
}
