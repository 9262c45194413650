package jangter.axonserver.routing;

import io.axoniq.axonserver.grpc.query.QueryFlowControl;
import io.axoniq.axonserver.grpc.query.QueryProviderInbound;
import io.axoniq.axonserver.grpc.query.QueryReference;
import io.axoniq.axonserver.grpc.query.QueryResponse;
import io.axoniq.axonserver.grpc.query.SubscriptionQuery;
import io.axoniq.axonserver.grpc.query.SubscriptionQueryRequest;
import io.axoniq.axonserver.grpc.query.SubscriptionQueryResponse;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One client's query stream: what waits for it, and what it is answering. */
public final class QueryHandler {

    private final QueryRouter router;
    private final Outlet<QueryProviderInbound> outlet;
    private final PermitQueue<RunningQuery> queue;
    private final Map<String, RunningQuery> delivered = new HashMap<>();
    private volatile String clientId = "unknown";

    QueryHandler(QueryRouter router, Outlet<QueryProviderInbound> outlet) {
        this.router = router;
        this.outlet = outlet;
        this.queue = new PermitQueue<>(outlet, this::deliver);
    }

    public void subscribe(String query, String clientId, String component) {
        this.clientId = clientId;
        router.subscribe(query, component, this);
    }

    public void unsubscribe(String query) {
        router.unsubscribe(query, this);
    }

    public void addPermits(long permits) {
        queue.addPermits(permits);
    }

    public void ready() {
        queue.deliver();
    }

    public void answer(QueryResponse response) {
        RunningQuery query = running(response.getRequestIdentifier());
        if (query != null) {
            query.answered(this, response);
        }
    }

    public void complete(String requestId) {
        RunningQuery query = forget(requestId);
        if (query != null) {
            query.completed(this);
        }
    }

    public void update(SubscriptionQueryResponse update) {
        router.update(this, update);
    }

    /** The stream has ended. Queries it was never handed go to another instance. */
    public void lost() {
        router.unsubscribeAll(this);
        List<RunningQuery> undelivered = queue.close();
        List<RunningQuery> unanswered;
        synchronized (delivered) {
            unanswered = new ArrayList<>(delivered.values());
            delivered.clear();
        }
        unanswered.forEach(query -> query.lost(this));
        undelivered.forEach(query -> query.moveFrom(this));
    }

    PermitQueue.Offer offer(RunningQuery query) {
        return queue.offer(query, query.priority());
    }

    private boolean deliver(RunningQuery query) {
        if (!query.asks(this)) {
            return false;
        }
        synchronized (delivered) {
            delivered.put(query.id(), query);
        }
        outlet.send(QueryProviderInbound.newBuilder().setQuery(query.request()).build());
        query.deliveredTo(this);
        return true;
    }

    /** Lets a streaming handler send more responses. */
    void request(String queryId, long permits) {
        outlet.send(QueryProviderInbound.newBuilder()
                .setQueryFlowControl(QueryFlowControl.newBuilder()
                        .setQueryReference(QueryReference.newBuilder().setRequestId(queryId))
                        .setPermits(permits))
                .build());
    }

    /** Stops an answer that nobody waits for any more. */
    void cancel(RunningQuery query) {
        if (forget(query.id()) != null) {
            outlet.send(QueryProviderInbound.newBuilder()
                    .setQueryCancel(QueryReference.newBuilder().setRequestId(query.id()))
                    .build());
        }
    }

    void subscribe(SubscriptionQuery subscription) {
        send(SubscriptionQueryRequest.newBuilder().setSubscribe(subscription).build());
    }

    void unsubscribe(SubscriptionQuery subscription) {
        send(SubscriptionQueryRequest.newBuilder().setUnsubscribe(subscription).build());
    }

    private void send(SubscriptionQueryRequest request) {
        outlet.send(QueryProviderInbound.newBuilder().setSubscriptionQueryRequest(request).build());
    }

    private @Nullable RunningQuery running(String id) {
        synchronized (delivered) {
            return delivered.get(id);
        }
    }

    private @Nullable RunningQuery forget(String id) {
        synchronized (delivered) {
            return delivered.remove(id);
        }
    }

    String clientId() {
        return clientId;
    }
}
