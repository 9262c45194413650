package jangter.platform.batch;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
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
 * <p>Before a batch is written, and whenever the claim is extended, it must be sure of the token: it looks at the stored one, unless it did so
 * a moment ago and has not lost touch with the database since. If another process has the claim by now, this one was away too long, and what it would
 * write is old. If the token is not where it was left, the database was thrown back, and views and sagas with it: then the events since then are
 * to be handled once more. If touch is lost after a batch has read what it changes, that may have been read as it was before the batches since, and nothing
 * is written. If touch is lost while a batch is written, what was written of it may be gone, and its token does not move.
 * Each time the claim is given up and taken anew.
 */
public final class TokenAfterBatch implements TokenStore {

    private final TokenStore tokens;
    private final Duration patience;
    private final Duration sureFor;
    private final LongSupplier timesLost;
    private final LongSupplier nanoTime;
    private final Map<Claimed, Left> leftAt = new ConcurrentHashMap<>();

    private record Claimed(String processorName, int segment) {
    }

    /**
     * Where a token was left.
     *
     * @param at by {@link System#nanoTime}
     * @param timesLost how often touch with the database had been lost before
     */
    private record Left(Optional<TrackingToken> token, long at, long timesLost) {
    }

    /** For tokens in memory, which nobody loses touch with. */
    public TokenAfterBatch(TokenStore tokens, Duration patience) {
        this(tokens, patience, Duration.ZERO, () -> 0, System::nanoTime);
    }

    /**
     * Moves those tokens.
     *
     * @param patience how long a batch may take to be written before it fails and comes again
     * @param sureFor how long nobody else can have taken a claim since it was extended
     * @param timesLost how often a connection to where tokens, views and sagas are was lost so far
     */
    public TokenAfterBatch(TokenStore tokens, Duration patience, Duration sureFor, LongSupplier timesLost, LongSupplier nanoTime) {
        this.tokens = tokens;
        this.patience = patience;
        this.sureFor = sureFor;
        this.timesLost = timesLost;
        this.nanoTime = nanoTime;
    }

    /**
     * Makes sure of the token before a batch is handled whose handlers act at once, and not when it is written: of what they have read in a
     * database thrown back, commands would have been sent. From then on {@link Batch#mustStillBeInTouch} tells whether that still holds.
     */
    public void begin(UnitOfWork<?> batch, String processorName, int segment) {
        Left left = sureOf(processorName, segment);
        Batch.of(batch).begin(() -> mustStillBeInTouch(left, processorName, segment));
    }

    @Override
    public void storeToken(@Nullable TrackingToken token, String processorName, int segment) {
        if (!CurrentUnitOfWork.isStarted()) {
            // past events that do not concern the processor
            move(sureOf(processorName, segment), token, processorName, segment);
            return;
        }
        UnitOfWork<?> unitOfWork = CurrentUnitOfWork.get();
        unitOfWork.onCommit(committing -> {
            Left left = sureOf(processorName, segment);
            Batch.of(unitOfWork).finish(position(token), () -> mustStillBeInTouch(left, processorName, segment)).block(patience);
            mustStillBeInTouch(left, processorName, segment);
            move(left, token, processorName, segment);
        });
    }

    private void move(Left left, @Nullable TrackingToken token, String processorName, int segment) {
        store(token, processorName, segment);
        if (left.timesLost() != timesLost.getAsLong()) {
            // who knows which database it was stored in
            store(left.token().orElse(null), processorName, segment);
        }
        mustStillBeInTouch(left, processorName, segment);
    }

    @Override
    public TrackingToken fetchToken(String processorName, int segment) {
        return look(processorName, segment).token().orElse(null);
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
        Left left = new Left(Optional.ofNullable(token), nanoTime.getAsLong(), timesLost.getAsLong());
        tokens.storeToken(token, processorName, segment);
        leftAt.put(new Claimed(processorName, segment), left);
    }

    /** Fetching it also extends the claim, and fails if the claim is another's. */
    private Left look(String processorName, int segment) {
        long at = nanoTime.getAsLong();
        long lost = timesLost.getAsLong();
        Left stored = new Left(Optional.ofNullable(tokens.fetchToken(processorName, segment)), at, lost);
        leftAt.put(new Claimed(processorName, segment), stored);
        return stored;
    }

    private static long position(@Nullable TrackingToken token) {
        return token == null ? Batch.NO_POSITION : token.position().orElse(Batch.NO_POSITION);
    }

    private Left sureOf(String processorName, int segment) {
        Left left = leftAt.get(new Claimed(processorName, segment));
        boolean isSure = left != null && left.timesLost() == timesLost.getAsLong() && nanoTime.getAsLong() - left.at() < sureFor.toNanos();
        return isSure ? left : mustBeWhereItWasLeft(processorName, segment);
    }

    private Left mustBeWhereItWasLeft(String processorName, int segment) {
        Left left = leftAt.get(new Claimed(processorName, segment));
        Left stored = look(processorName, segment);
        if (left != null && !left.token().equals(stored.token())) {
            // until the claim is taken anew, it stays where it was thought to be
            leftAt.put(new Claimed(processorName, segment), left);
            throw new UnableToClaimTokenException("The token of " + processorName + "[" + segment + "] was left at " + left.token() + " and is at "
                    + stored.token() + ": the database was thrown back, and goes on from there");
        }
        return stored;
    }

    private void mustStillBeInTouch(Left left, String processorName, int segment) {
        if (left.timesLost() != timesLost.getAsLong()) {
            throw new UnableToClaimTokenException("The connection to the database was lost while a batch of " + processorName + "[" + segment
                    + "] was read or written: it may have been thrown back, and the batch comes again");
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
