package jangter.axonserver.routing;

import io.axoniq.axonserver.grpc.MetaDataValue;
import io.axoniq.axonserver.grpc.ProcessingInstruction;
import io.axoniq.axonserver.grpc.ProcessingKey;
import io.axoniq.axonserver.grpc.query.QueryRequest;
import io.axoniq.axonserver.grpc.query.QueryResponse;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A query on its way: asked at one handler of every component, answered to one caller. Errors are kept back while another handler
 * may still give a result. A caller that takes a stream gets it from the first handler that responds, no faster than it reads.
 */
public final class RunningQuery {

    /** How many responses of a stream may be under way at once. */
    private static final int WINDOW = 32;
    private static final long WITHOUT_LIMIT = Long.MAX_VALUE;

    private final QueryRouter router;
    private final QueryRequest request;
    private final QueryCaller caller;
    private final boolean streaming;
    private final long deadline;
    /** Handlers that may still respond, each with its component. */
    private final Map<QueryHandler, String> targets = new ConcurrentHashMap<>();
    private long resultsWanted;
    private int window = WINDOW;
    private boolean anyResult;
    private @Nullable QueryResponse heldError;
    private volatile boolean finished;

    RunningQuery(QueryRouter router, QueryRequest request, QueryCaller caller) {
        this.router = router;
        this.request = request.toBuilder().addProcessingInstructions(ProcessingInstruction.newBuilder()
                .setKey(ProcessingKey.SERVER_SUPPORTS_STREAMING)
                .setValue(MetaDataValue.newBuilder().setBooleanValue(true))).build();
        this.caller = caller;
        List<ProcessingInstruction> instructions = request.getProcessingInstructionsList();
        this.streaming = Instructions.flag(instructions, ProcessingKey.CLIENT_SUPPORTS_STREAMING);
        long results = Instructions.number(instructions, ProcessingKey.NR_OF_RESULTS, 1);
        this.resultsWanted = streaming || results <= 0 ? WITHOUT_LIMIT : results;
        long timeout = Instructions.number(instructions, ProcessingKey.TIMEOUT, 0);
        this.deadline = System.currentTimeMillis() + (timeout <= 0 ? 3_600_000 : timeout);
    }

    String id() {
        return request.getMessageIdentifier();
    }

    QueryRequest request() {
        return request;
    }

    long priority() {
        return Instructions.number(request.getProcessingInstructionsList(), ProcessingKey.PRIORITY, 0);
    }

    /** Asked with a handler's queue locked, and so without this query's lock: queries are cancelled in the opposite order. */
    boolean asks(QueryHandler handler) {
        return !finished && targets.containsKey(handler);
    }

    boolean isOverdue(long now) {
        return now >= deadline;
    }

    void start(Map<QueryHandler, String> chosen) {
        targets.putAll(chosen);
        chosen.forEach(this::ask);
        failIfNobodyIsLeft();
    }

    private void ask(QueryHandler handler, String component) {
        switch (handler.offer(this)) {
            case TAKEN -> { }
            case CLOSED -> moveFrom(handler);
            case FULL -> failed(handler, "AXONIQ-1900", "Too many queries wait for the handler of " + request.getQuery());
        }
    }

    /** A handler went away before it was handed the query. */
    void moveFrom(QueryHandler handler) {
        String component = targets.get(handler);
        if (component == null || finished) {
            return;
        }
        QueryHandler other = router.anotherFor(request.getQuery(), component);
        if (other == null) {
            lost(handler);
            return;
        }
        targets.put(other, component);
        targets.remove(handler);
        ask(other, component);
    }

    void deliveredTo(QueryHandler handler) {
        if (streaming) {
            handler.request(id(), WINDOW);
        }
    }

    synchronized void answered(QueryHandler handler, QueryResponse response) {
        if (finished || !targets.containsKey(handler)) {
            return;
        }
        if (!response.getErrorCode().isEmpty()) {
            heldError = response;
            if (streaming && anyResult) {
                finish();
            }
            return;
        }
        if (streaming && !anyResult) {
            cancelAllBut(handler);
        }
        anyResult = true;
        caller.send(response);
        window--;
        replenish();
        if (--resultsWanted == 0) {
            finish();
        }
    }

    private void cancelAllBut(QueryHandler winner) {
        targets.keySet().stream().filter(handler -> handler != winner).forEach(handler -> {
            targets.remove(handler);
            handler.cancel(this);
        });
    }

    /** To be called when the caller may take more again. */
    public synchronized void replenish() {
        if (streaming && anyResult && !finished && window <= WINDOW / 2 && caller.isReady()) {
            targets.keySet().forEach(handler -> handler.request(id(), WINDOW - window));
            window = WINDOW;
        }
    }

    synchronized void completed(QueryHandler handler) {
        if (targets.remove(handler) != null && targets.isEmpty() && !finished) {
            finish();
        }
    }

    void lost(QueryHandler handler) {
        failed(handler, "AXONIQ-4001", "Connection lost while executing query on: " + handler.clientId());
    }

    private synchronized void failed(QueryHandler handler, String code, String message) {
        if (!finished && targets.containsKey(handler)) {
            heldError = error(code, message);
            completed(handler);
        }
    }

    private synchronized void failIfNobodyIsLeft() {
        if (targets.isEmpty() && !finished) {
            heldError = error("AXONIQ-5000", "No handler for query: " + request.getQuery());
            finish();
        }
    }

    void timeOut() {
        synchronized (this) {
            if (finished) {
                return;
            }
            heldError = error("AXONIQ-5001", "No answer in time to query " + request.getQuery());
        }
        cancel();
    }

    private QueryResponse error(String code, String message) {
        return QueryResponse.newBuilder()
                .setRequestIdentifier(id())
                .setErrorCode(code)
                .setErrorMessage(Instructions.error(code, message))
                .build();
    }

    /** Nobody waits any more. */
    public synchronized void cancel() {
        if (!finished) {
            List<QueryHandler> asked = List.copyOf(targets.keySet());
            finish();
            asked.forEach(handler -> handler.cancel(this));
        }
    }

    private void finish() {
        finished = true;
        router.finished(this);
        if (heldError != null && (!anyResult || streaming)) {
            caller.send(heldError);
        }
        caller.complete();
    }
}
