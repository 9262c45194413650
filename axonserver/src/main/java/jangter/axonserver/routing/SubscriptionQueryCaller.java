package jangter.axonserver.routing;

import io.axoniq.axonserver.grpc.query.SubscriptionQueryResponse;

/** Whoever waits for a query's result and for what changes it later. */
public interface SubscriptionQueryCaller extends Outlet<SubscriptionQueryResponse> {

    /** The caller did not keep up with the updates: ends the subscription with an error. */
    void overrun();
}
