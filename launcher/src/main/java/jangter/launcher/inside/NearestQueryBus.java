package jangter.launcher.inside;

import java.lang.reflect.Type;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.axonframework.axonserver.connector.query.AxonServerQueryBus;
import org.axonframework.common.Registration;
import org.axonframework.lifecycle.Lifecycle;
import org.axonframework.messaging.Distributed;
import org.axonframework.messaging.MessageDispatchInterceptor;
import org.axonframework.messaging.MessageHandler;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.queryhandling.QueryBus;
import org.axonframework.queryhandling.QueryMessage;
import org.axonframework.queryhandling.QueryResponseMessage;
import org.axonframework.queryhandling.QueryUpdateEmitter;
import org.axonframework.queryhandling.StreamingQueryMessage;
import org.axonframework.queryhandling.SubscriptionQueryMessage;
import org.axonframework.queryhandling.SubscriptionQueryResult;
import org.axonframework.queryhandling.SubscriptionQueryUpdateMessage;
import org.reactivestreams.Publisher;

/**
 * Asks this process's own handler where there is one, and lets who subscribes hear of what this process tells: everything is in this JVM. All else is Axon
 * Server's, which also brings the questions of others.
 */
final class NearestQueryBus implements QueryBus, Distributed<QueryBus>, Lifecycle {

    private final AxonServerQueryBus axonServer;
    private final QueryBus own;
    private final Set<String> handled = ConcurrentHashMap.newKeySet();

    NearestQueryBus(AxonServerQueryBus axonServer) {
        this.axonServer = axonServer;
        this.own = axonServer.localSegment();
    }

    private QueryBus nearest(QueryMessage<?, ?> query) {
        return handled.contains(query.getQueryName()) ? own : axonServer;
    }

    @Override
    public <Q, R> CompletableFuture<QueryResponseMessage<R>> query(QueryMessage<Q, R> query) {
        return nearest(query).query(query);
    }

    @Override
    public <Q, I, U> SubscriptionQueryResult<QueryResponseMessage<I>, SubscriptionQueryUpdateMessage<U>> subscriptionQuery(
            SubscriptionQueryMessage<Q, I, U> query, int updateBufferSize) {
        return nearest(query).subscriptionQuery(query, updateBufferSize);
    }

    @Override
    public <Q, R> Publisher<QueryResponseMessage<R>> streamingQuery(StreamingQueryMessage<Q, R> query) {
        return nearest(query).streamingQuery(query);
    }

    @Override
    public <Q, R> Stream<QueryResponseMessage<R>> scatterGather(QueryMessage<Q, R> query, long timeout, TimeUnit unit) {
        return axonServer.scatterGather(query, timeout, unit);
    }

    @Override
    public <R> Registration subscribe(String queryName, Type responseType, MessageHandler<? super QueryMessage<?, R>> handler) {
        Registration everywhere = axonServer.subscribe(queryName, responseType, handler);
        handled.add(queryName);
        return () -> {
            handled.remove(queryName);
            return everywhere.cancel();
        };
    }

    @Override
    public QueryUpdateEmitter queryUpdateEmitter() {
        return axonServer.queryUpdateEmitter();
    }

    @Override
    public Registration registerHandlerInterceptor(MessageHandlerInterceptor<? super QueryMessage<?, ?>> interceptor) {
        return own.registerHandlerInterceptor(interceptor);
    }

    @Override
    public Registration registerDispatchInterceptor(MessageDispatchInterceptor<? super QueryMessage<?, ?>> interceptor) {
        Registration near = own.registerDispatchInterceptor(interceptor);
        Registration far = axonServer.registerDispatchInterceptor(interceptor);
        return () -> near.cancel() & far.cancel();
    }

    @Override
    public QueryBus localSegment() {
        return own;
    }

    @Override
    public void registerLifecycleHandlers(LifecycleRegistry lifecycle) {
        axonServer.registerLifecycleHandlers(lifecycle);
    }
}
