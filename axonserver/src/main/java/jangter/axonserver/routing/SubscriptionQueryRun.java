package jangter.axonserver.routing;

import io.axoniq.axonserver.grpc.MetaDataValue;
import io.axoniq.axonserver.grpc.ProcessingInstruction;
import io.axoniq.axonserver.grpc.ProcessingKey;
import io.axoniq.axonserver.grpc.query.QueryRequest;
import io.axoniq.axonserver.grpc.query.QueryResponse;
import io.axoniq.axonserver.grpc.query.SubscriptionQuery;
import io.axoniq.axonserver.grpc.query.SubscriptionQueryResponse;
import org.jspecify.annotations.Nullable;

/**
 * One caller's subscription query: permits first, then the subscription, then (or instead, as a query of its own) the initial
 * result. It is subscribed at every handler of the query, those that come later too.
 */
public final class SubscriptionQueryRun {

    private final QueryRouter router;
    private final SubscriptionQueryCaller caller;
    private @Nullable SubscriptionQuery subscription;
    private long permits;
    private boolean ended;

    SubscriptionQueryRun(QueryRouter router, SubscriptionQueryCaller caller) {
        this.router = router;
        this.caller = caller;
    }

    public synchronized void addPermits(long more) {
        permits += more;
    }

    public void subscribe(SubscriptionQuery query) {
        synchronized (this) {
            if (subscription != null || ended) {
                return;
            }
            subscription = query;
            permits += query.getNumberOfPermits();
        }
        router.subscribe(this);
    }

    public void initialResult(SubscriptionQuery query) {
        QueryRequest.Builder request = query.getQueryRequest().toBuilder().clearProcessingInstructions();
        query.getQueryRequest().getProcessingInstructionsList().stream()
                .filter(instruction -> instruction.getKey() == ProcessingKey.PRIORITY)
                .forEach(request::addProcessingInstructions);
        request.addProcessingInstructions(ProcessingInstruction.newBuilder()
                .setKey(ProcessingKey.NR_OF_RESULTS)
                .setValue(MetaDataValue.newBuilder().setNumberValue(1)));
        router.query(request.build(), new InitialResult(query.getSubscriptionIdentifier()));
    }

    private final class InitialResult implements QueryCaller {

        private final String subscriptionId;

        private InitialResult(String subscriptionId) {
            this.subscriptionId = subscriptionId;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void send(QueryResponse response) {
            caller.send(SubscriptionQueryResponse.newBuilder()
                    .setSubscriptionIdentifier(subscriptionId)
                    .setMessageIdentifier(response.getMessageIdentifier())
                    .setInitialResult(response)
                    .build());
        }

        @Override
        public void complete() {
            // the subscription goes on
        }
    }

    void update(SubscriptionQueryResponse update) {
        synchronized (this) {
            if (ended) {
                return;
            }
            boolean last = !update.hasUpdate();
            if (!last && permits > 0) {
                permits--;
                caller.send(update);
                return;
            }
            ended = true;
            if (last) {
                caller.send(update);
            } else {
                caller.overrun();
            }
        }
        router.unsubscribe(this);
    }

    /** The caller has gone, or wants no more. */
    public void end() {
        synchronized (this) {
            ended = true;
        }
        router.unsubscribe(this);
    }

    synchronized @Nullable SubscriptionQuery subscription() {
        return subscription;
    }
}
