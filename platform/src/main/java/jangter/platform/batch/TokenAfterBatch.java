package jangter.platform.batch;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Moves a token only after the batch behind it is done, and only from where this process left it.
 *
 * <p>Axon stores the token first and counts on one transaction around token, views and sagas. There is none here, and a process killed
 * in between would have skipped the batch for good. So the token waits for the commit phase, when every saga has been handed over and
 * every view has said what it wants written.
 *
 * <p>Before it writes, once that is written, and whenever it extends its claim, it looks at the stored token. If another process has the claim by now, this one
 * was away too long, and what it would write is old. If the token is not where it was left, the database was thrown back, and views and
 * sagas with it: then the events since then are to be handled once more. Either way the claim is given up and taken anew.
 */
public final class TokenAfterBatch implements TokenStore {

    private final TokenStore tokens;
    private final Duration patience;
    private final Map<Claimed, Optional<TrackingToken>> leftAt = new ConcurrentHashMap<>();

    private record Claimed(String processorName, int segment) {
    }

    /** @param patience how long a batch may take to be written before it fails and comes again */
    public TokenAfterBatch(TokenStore tokens, Duration patience) {
        this.tokens = tokens;
        this.patience = patience;
    }

    @Override
    public void storeToken(@Nullable TrackingToken token, String processorName, int segment) {
        if (!CurrentUnitOfWork.isStarted()) {
            store(token, processorName, segment);
            return;
        }
        UnitOfWork<?> unitOfWork = CurrentUnitOfWork.get();
        unitOfWork.onCommit(committing -> {
            mustBeWhereItWasLeft(processorName, segment);
            Batch.of(unitOfWork).finish(position(token)).block(patience);
            // while that was waited for, the database may have been thrown back
            mustBeWhereItWasLeft(processorName, segment);
            store(token, processorName, segment);
        });
    }

    @Override
    public TrackingToken fetchToken(String processorName, int segment) {
        TrackingToken token = tokens.fetchToken(processorName, segment);
        leftAt.put(new Claimed(processorName, segment), Optional.ofNullable(token));
        return token;
    }

    @Override
    public TrackingToken fetchToken(String processorName, Segment segment) {
        return fetchToken(processorName, segment.getSegmentId());
    }

    @Override
    public void extendClaim(String processorName, int segment) {
        mustBeWhereItWasLeft(processorName, segment);
    }

    @Override
    public void releaseClaim(String processorName, int segment) {
        leftAt.remove(new Claimed(processorName, segment));
        tokens.releaseClaim(processorName, segment);
    }

    private void store(@Nullable TrackingToken token, String processorName, int segment) {
        tokens.storeToken(token, processorName, segment);
        leftAt.put(new Claimed(processorName, segment), Optional.ofNullable(token));
    }

    private static long position(@Nullable TrackingToken token) {
        return token == null ? Batch.NO_POSITION : token.position().orElse(Batch.NO_POSITION);
    }

    /** Fetching it also extends the claim, and fails if the claim is another's. */
    private void mustBeWhereItWasLeft(String processorName, int segment) {
        Optional<TrackingToken> stored = Optional.ofNullable(tokens.fetchToken(processorName, segment));
        Optional<TrackingToken> left = leftAt.get(new Claimed(processorName, segment));
        if (left != null && !left.equals(stored)) {
            throw new UnableToClaimTokenException("The token of " + processorName + "[" + segment + "] was left at " + left + " and is at "
                    + stored + ": the database was thrown back, and goes on from there");
        }
    }

    @Override
    public void initializeTokenSegments(String processorName, int segmentCount) {
        tokens.initializeTokenSegments(processorName, segmentCount);
    }

    @Override
    public void initializeTokenSegments(String processorName, int segmentCount, @Nullable TrackingToken initialToken) {
        tokens.initializeTokenSegments(processorName, segmentCount, initialToken);
    }

    @Override
    public void initializeSegment(@Nullable TrackingToken token, String processorName, int segment) {
        tokens.initializeSegment(token, processorName, segment);
    }

    @Override
    public void deleteToken(String processorName, int segment) {
        tokens.deleteToken(processorName, segment);
    }

    @Override
    public boolean requiresExplicitSegmentInitialization() {
        return tokens.requiresExplicitSegmentInitialization();
    }

    @Override
    public int[] fetchSegments(String processorName) {
        return tokens.fetchSegments(processorName);
    }

    @Override
    public List<Segment> fetchAvailableSegments(String processorName) {
        return tokens.fetchAvailableSegments(processorName);
    }

    @Override
    public Optional<String> retrieveStorageIdentifier() {
        return tokens.retrieveStorageIdentifier();
    }
}
