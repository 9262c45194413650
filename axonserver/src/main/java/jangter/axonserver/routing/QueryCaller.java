package jangter.axonserver.routing;

import io.axoniq.axonserver.grpc.query.QueryResponse;

/** Whoever waits for a query's results. */
public interface QueryCaller extends Outlet<QueryResponse> {

    void complete();
}
