package jangter.platform.batch;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

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
 *
 * <p>A batch of which everything is kept in the segment's {@link SegmentMemory} may wait for the next ones: all of them are saved together, with the token of
 * the last, after a while. A process killed meanwhile has the events of that while come again, so what they set off must bear being done twice, as
 * it must anyway.
 *
 * <p>Where views are built anew, a batch may also be written {@linkplain #writingBeside beside} the next one's handling. Its token moves when the next batch has been
 * handled or the claim is extended or given up, if all of it was written; if not, that fails, and both batches come again.
 */
public final class TokenAfterBatch implements TokenStore {

    private static final Logger LOG = LoggerFactory.getLogger(TokenAfterBatch.class);

    private final TokenStore tokens;
    private final Duration patience;
    private final Duration sureFor;
    private final LongSupplier timesLost;
    private final LongSupplier nanoTime;
    private final Duration saveEvery;
    private final @Nullable Scheduler writers;
    private final Map<Claimed, Left> leftAt = new ConcurrentHashMap<>();
    private final Map<Claimed, Held> held = new ConcurrentHashMap<>();

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

    /** A batch that is being written while the next one is handled, and the token to be stored when it is. */
    private record Writing(Left left, CompletableFuture<Void> work, @Nullable TrackingToken token) {
    }

    /** A segment that this process holds: what it remembers, and how far it has come since that was saved last. */
    private static final class Held {

        private final SegmentMemory memory = new SegmentMemory();
        private boolean isAhead;
        private @Nullable TrackingToken token;
        private long aheadSince;
        private volatile @Nullable Writing writing;

        boolean hasWritten() {
            Writing last = writing;
            return last == null || last.work().isDone() && !last.work().isCompletedExceptionally();
        }

        boolean mayWait(long now, Duration saveEvery) {
            return memory.isInUse() && (!isAhead || now - aheadSince < saveEvery.toNanos());
        }

        void isNowAt(@Nullable TrackingToken last, long now) {
            aheadSince = isAhead ? aheadSince : now;
            isAhead = true;
            token = last;
        }
    }

    /** For tokens in memory, which nobody loses touch with. */
    public TokenAfterBatch(TokenStore tokens, Duration patience) {
        this(tokens, patience, Duration.ZERO, Duration.ZERO, () -> 0, System::nanoTime);
    }

    /**
     * Moves those tokens.
     *
     * @param patience how long a batch may take to be written before it fails and comes again
     * @param sureFor how long nobody else can have taken a claim since it was extended
     * @param saveEvery for how long what is kept in memory may go unsaved while events come; without any, it is saved when the claim is extended
     * @param timesLost how often a connection to where tokens, views and sagas are was lost so far
     */
    public TokenAfterBatch(TokenStore tokens, Duration patience, Duration sureFor, Duration saveEvery, LongSupplier timesLost, LongSupplier nanoTime) {
        this(tokens, patience, sureFor, saveEvery, timesLost, nanoTime, null);
    }

    private TokenAfterBatch(TokenStore tokens, Duration patience, Duration sureFor, Duration saveEvery, LongSupplier timesLost, LongSupplier nanoTime,
            @Nullable Scheduler writers) {
        this.writers = writers;
        this.tokens = tokens;
        this.patience = patience;
        this.sureFor = sureFor;
        this.saveEvery = saveEvery;
        this.timesLost = timesLost;
        this.nanoTime = nanoTime;
    }

    /**
     * The same, but a batch is written while the next one is handled, unless its handlers act at once or keep something in memory. For views that nobody reads yet, since
     * for a moment they lack what their processor has handled.
     *
     * @param threads where batches are put together and written
     */
    public TokenAfterBatch writingBeside(Scheduler threads) {
        return new TokenAfterBatch(tokens, patience, sureFor, saveEvery, timesLost, nanoTime, threads);
    }

    /**
     * Makes sure of the token before a batch is handled whose handlers act at once, and not when it is written: of what they have read in a
     * database thrown back, commands would have been sent. From then on {@link Batch#mustStillBeInTouch} tells whether that still holds.
     */
    public void begin(UnitOfWork<?> batch, String processorName, int segment) {
        SegmentMemory memory = held(processorName, segment).memory;
        batch.onRollback(failed -> memory.spoil());
        Left left = sureOf(processorName, segment);
        Batch.of(batch).begin(() -> mustStillBeInTouch(left, processorName, segment), memory);
    }

    private Held held(String processorName, int segment) {
        return held.computeIfAbsent(new Claimed(processorName, segment), claimed -> new Held());
    }

    @Override
    public void storeToken(@Nullable TrackingToken token, String processorName, int segment) {
        if (!CurrentUnitOfWork.isStarted()) {
            // past events that do not concern the processor
            save(token, processorName, segment);
            return;
        }
        UnitOfWork<?> unitOfWork = CurrentUnitOfWork.get();
        unitOfWork.onCommit(committing -> {
            Batch batch = Batch.of(unitOfWork);
            Held segmentHeld = held(processorName, segment);
            awaitWriting(processorName, segment);
            if (writers != null && !batch.isOfSegment() && !segmentHeld.memory.isInUse()) {
                Left left = sureOf(processorName, segment);
                segmentHeld.writing = new Writing(left, batch.finish(position(token), () -> mustStillBeInTouch(left, processorName, segment))
                        .subscribeOn(writers).toFuture(), token);
            } else if (batch.isOfSegment() && batch.mayBeSavedLater() && segmentHeld.mayWait(nanoTime.getAsLong(), saveEvery)) {
                segmentHeld.isNowAt(token, nanoTime.getAsLong());
            } else {
                finish(check -> all(batch, segmentHeld, position(token), check), token, processorName, segment);
            }
        });
    }

    /** Whether all that was handled here for that processor is written, and not only on its way. */
    public boolean hasWritten(String processorName) {
        return held.entrySet().stream().filter(segment -> segment.getKey().processorName().equals(processorName)).allMatch(segment -> segment.getValue().hasWritten());
    }

    /** The batch before is written by now, and its token moved, or this fails. */
    private void awaitWriting(String processorName, int segment) {
        Held segmentHeld = held.get(new Claimed(processorName, segment));
        Writing writing = segmentHeld == null ? null : segmentHeld.writing;
        if (writing != null) {
            try {
                Mono.fromFuture(writing.work()).block(patience);
            } finally {
                segmentHeld.writing = null;
            }
            mustStillBeInTouch(writing.left(), processorName, segment);
            move(writing.left(), writing.token(), processorName, segment);
        }
    }

    /** A batch that did not begin knows nothing of what the segment's other batches have kept, which goes before it. */
    private static Mono<Void> all(Batch batch, Held segmentHeld, long position, Runnable check) {
        Mono<Void> kept = batch.isOfSegment() ? Mono.empty() : Batch.finish(segmentHeld.memory.unsaved().toList(), position, check);
        return kept.then(Mono.defer(() -> batch.finish(position, check)));
    }

    /** Saves what is kept in memory and not saved yet, and moves the token to where that is. */
    private void saveWhatIsHeld(String processorName, int segment) {
        Held segmentHeld = held.get(new Claimed(processorName, segment));
        if (segmentHeld != null && segmentHeld.isAhead) {
            save(segmentHeld.token, processorName, segment);
        }
    }

    private void save(@Nullable TrackingToken token, String processorName, int segment) {
        awaitWriting(processorName, segment);
        SegmentMemory memory = held(processorName, segment).memory;
        finish(check -> Batch.finish(memory.unsaved().toList(), position(token), check), token, processorName, segment);
    }

    private void finish(Function<Runnable, Mono<Void>> work, @Nullable TrackingToken token, String processorName, int segment) {
        SegmentMemory memory = held(processorName, segment).memory;
        if (memory.isInUse() && memory.isSpoiled()) {
            throw new UnableToClaimTokenException("A batch of " + processorName + "[" + segment + "] failed half-way: nothing of what is in memory is saved");
        }
        Left left = sureOf(processorName, segment);
        work.apply(() -> mustStillBeInTouch(left, processorName, segment)).block(patience);
        mustStillBeInTouch(left, processorName, segment);
        move(left, token, processorName, segment);
        held(processorName, segment).isAhead = false;
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
        Claimed claimed = new Claimed(processorName, segment);
        Left left = leftAt.get(claimed);
        Left stored = look(processorName, segment);
        held.computeIfPresent(claimed, (same, known) -> known.memory.isSpoiled() || left == null || !left.token().equals(stored.token()) ? null : known);
        return stored.token().orElse(null);
    }

    @Override
    public TrackingToken fetchToken(String processorName, Segment segment) {
        return fetchToken(processorName, segment.getSegmentId());
    }

    @Override
    public void extendClaim(String processorName, int segment) {
        awaitWriting(processorName, segment);
        mustBeWhereItWasLeft(processorName, segment);
        saveWhatIsHeld(processorName, segment);
    }

    @Override
    public void releaseClaim(String processorName, int segment) {
        try {
            saveBeforeRelease(processorName, segment);
        } finally {
            held.remove(new Claimed(processorName, segment));
            leftAt.remove(new Claimed(processorName, segment));
            tokens.releaseClaim(processorName, segment);
        }
    }

    /** So that whoever is next need not handle those events again. If it fails, they do. */
    private void saveBeforeRelease(String processorName, int segment) {
        Held segmentHeld = held.get(new Claimed(processorName, segment));
        if (segmentHeld != null && !segmentHeld.memory.isSpoiled()) {
            try {
                awaitWriting(processorName, segment);
                saveWhatIsHeld(processorName, segment);
            } catch (RuntimeException failed) {
                LOG.info("What {}[{}] had in memory is not saved, and its events come again: {}", processorName, segment, failed.toString());
            }
        }
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
            held(processorName, segment).memory.spoil();
            // until the claim is taken anew, it stays where it was thought to be
            leftAt.put(new Claimed(processorName, segment), left);
            throw new UnableToClaimTokenException("The token of " + processorName + "[" + segment + "] was left at " + left.token() + " and is at "
                    + stored.token() + ": the database was thrown back, and goes on from there");
        }
        return stored;
    }

    private void mustStillBeInTouch(Left left, String processorName, int segment) {
        if (left.timesLost() != timesLost.getAsLong()) {
            held(processorName, segment).memory.spoil();
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
