package jangter.axonserver.routing;

import io.axoniq.axonserver.grpc.query.QueryProviderInbound;
import io.axoniq.axonserver.grpc.query.QueryRequest;
import io.axoniq.axonserver.grpc.query.SubscriptionQuery;
import io.axoniq.axonserver.grpc.query.SubscriptionQueryResponse;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Hands each query to one instance, in turn, of every component that answers it, and keeps subscription queries informed. */
public final class QueryRouter {

    /** By query, then by component, its instances: the next in turn first. */
    private final Map<String, Map<String, List<QueryHandler>>> handlers = new HashMap<>();
    private final Map<String, SubscriptionQueryRun> subscriptionQueries = new HashMap<>();
    private final Set<RunningQuery> running = ConcurrentHashMap.newKeySet();

    public QueryHandler connect(Outlet<QueryProviderInbound> outlet) {
        return new QueryHandler(this, outlet);
    }

    public RunningQuery query(QueryRequest request, QueryCaller caller) {
        RunningQuery query = new RunningQuery(this, request, caller);
        running.add(query);
        query.start(nextInTurn(request.getQuery()));
        return query;
    }

    private synchronized Map<QueryHandler, String> nextInTurn(String query) {
        Map<QueryHandler, String> chosen = new LinkedHashMap<>();
        handlers.getOrDefault(query, Map.of()).forEach((component, instances) -> {
            QueryHandler next = instances.remove(0);
            instances.add(next);
            chosen.put(next, component);
        });
        return chosen;
    }

    synchronized @Nullable QueryHandler anotherFor(String query, String component) {
        List<QueryHandler> instances = handlers.getOrDefault(query, Map.of()).getOrDefault(component, List.of());
        return instances.isEmpty() ? null : instances.get(0);
    }

    void finished(RunningQuery query) {
        running.remove(query);
    }

    /** Answers what has been running for too long; to be called from time to time. */
    public void endOverdue() {
        long now = System.currentTimeMillis();
        running.stream().filter(query -> query.isOverdue(now)).forEach(RunningQuery::timeOut);
    }

    synchronized void subscribe(String query, String component, QueryHandler handler) {
        List<QueryHandler> instances = handlers.computeIfAbsent(query, name -> new LinkedHashMap<>())
                .computeIfAbsent(component, name -> new ArrayList<>());
        if (!instances.contains(handler)) {
            instances.add(handler);
            subscriptionsTo(query).forEach(handler::subscribe);
        }
    }

    private List<SubscriptionQuery> subscriptionsTo(String query) {
        return subscriptionQueries.values().stream()
                .map(SubscriptionQueryRun::subscription)
                .filter(subscription -> subscription != null && subscription.getQueryRequest().getQuery().equals(query))
                .toList();
    }

    synchronized void unsubscribe(String query, QueryHandler handler) {
        Map<String, List<QueryHandler>> components = handlers.get(query);
        if (components != null) {
            components.values().forEach(instances -> instances.remove(handler));
            components.values().removeIf(List::isEmpty);
            if (components.isEmpty()) {
                handlers.remove(query);
            }
        }
    }

    synchronized void unsubscribeAll(QueryHandler handler) {
        List.copyOf(handlers.keySet()).forEach(query -> unsubscribe(query, handler));
    }

    public SubscriptionQueryRun subscriptionQuery(SubscriptionQueryCaller caller) {
        return new SubscriptionQueryRun(this, caller);
    }

    synchronized void subscribe(SubscriptionQueryRun run) {
        SubscriptionQuery subscription = run.subscription();
        if (subscription != null) {
            subscriptionQueries.put(subscription.getSubscriptionIdentifier(), run);
            handlersOf(subscription).forEach(handler -> handler.subscribe(subscription));
        }
    }

    synchronized void unsubscribe(SubscriptionQueryRun run) {
        SubscriptionQuery subscription = run.subscription();
        if (subscription != null && subscriptionQueries.remove(subscription.getSubscriptionIdentifier(), run)) {
            handlersOf(subscription).forEach(handler -> handler.unsubscribe(subscription));
        }
    }

    private List<QueryHandler> handlersOf(SubscriptionQuery subscription) {
        return handlers.getOrDefault(subscription.getQueryRequest().getQuery(), Map.of()).values().stream()
                .flatMap(List::stream)
                .toList();
    }

    void update(QueryHandler handler, SubscriptionQueryResponse update) {
        SubscriptionQueryRun run;
        synchronized (this) {
            run = subscriptionQueries.get(update.getSubscriptionIdentifier());
        }
        if (run == null) {
            handler.unsubscribe(SubscriptionQuery.newBuilder()
                    .setSubscriptionIdentifier(update.getSubscriptionIdentifier())
                    .build());
        } else {
            run.update(update);
        }
    }
}
