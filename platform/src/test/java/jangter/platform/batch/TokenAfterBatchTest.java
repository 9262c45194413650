package jangter.platform.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class TokenAfterBatchTest {

    private static final GlobalSequenceTrackingToken START = new GlobalSequenceTrackingToken(3);
    private static final GlobalSequenceTrackingToken NEXT = new GlobalSequenceTrackingToken(5);

    private final TokenStore stored = new InMemoryTokenStore();
    private final TokenStore tokens = new TokenAfterBatch(stored, Duration.ofSeconds(5));
    private final List<String> story = new ArrayList<>();

    @BeforeEach
    void processorAtStart() {
        stored.initializeTokenSegments("order-views", 1, START);
    }

    @Test
    void a_token_moves_after_what_its_batch_writes_even_what_is_handed_over_while_committing() {
        processBatch(unitOfWork -> unitOfWork.onPrepareCommit(committing -> write("saga")));

        assertThat(story).containsExactlyInAnyOrder("view at " + START, "saga at " + START);
        assertThat(stored.fetchToken("order-views", 0)).isEqualTo(NEXT);
    }

    @Test
    void a_batch_that_cannot_be_written_leaves_the_token_where_it_was() {
        assertThatThrownBy(() -> processBatch(unitOfWork -> Batch.current().note("broken", Batch.Part.class,
                () -> position -> Mono.error(new IllegalStateException("no disk")), part -> { }))).hasMessage("no disk");

        assertThat(stored.fetchToken("order-views", 0)).isEqualTo(START);
    }

    @Test
    void a_batch_during_which_the_connection_was_lost_comes_again_even_if_the_token_is_where_it_was() {
        AtomicLong lost = new AtomicLong();
        TokenStore tokens = new TokenAfterBatch(stored, Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ZERO, lost::get, () -> 0);
        tokens.fetchToken("order-views", 0);

        assertThatThrownBy(() -> processBatch(tokens, unitOfWork -> note("loses the connection", lost::incrementAndGet)))
                .isInstanceOf(UnableToClaimTokenException.class).hasMessageContaining("comes again");
        assertThat(stored.fetchToken("order-views", 0)).isEqualTo(START);

        processBatch(tokens, unitOfWork -> { });
        assertThat(stored.fetchToken("order-views", 0)).isEqualTo(NEXT);
    }

    @Test
    void what_was_read_over_a_new_connection_is_not_built_upon() {
        AtomicLong lost = new AtomicLong();
        TokenStore tokens = new TokenAfterBatch(stored, Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ZERO, lost::get, () -> 0);
        tokens.fetchToken("order-views", 0);
        // the old connection is found dead by the first who reads, and the database behind the new one may be older
        Batch.Part reading = new Batch.Part() {
            @Override
            public Mono<Void> prepare() {
                return Mono.fromRunnable(lost::incrementAndGet);
            }

            @Override
            public Mono<Void> finish(long position) {
                return Mono.fromRunnable(() -> story.add("changed what was read"));
            }
        };

        assertThatThrownBy(() -> processBatch(tokens, unitOfWork -> Batch.current().note("reads", Batch.Part.class, () -> reading, part -> { })))
                .isInstanceOf(UnableToClaimTokenException.class).hasMessageContaining("comes again");

        assertThat(story).isEmpty();
        assertThat(stored.fetchToken("order-views", 0)).isEqualTo(START);
    }

    @Test
    void what_acts_at_once_does_not_begin_when_the_database_was_thrown_back() {
        AtomicLong lost = new AtomicLong();
        TokenAfterBatch tokens = new TokenAfterBatch(stored, Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ZERO, lost::get, () -> 0);
        stored.storeToken(NEXT, "order-views", 0);
        tokens.fetchToken("order-views", 0);
        stored.storeToken(START, "order-views", 0);
        lost.incrementAndGet();

        assertThatThrownBy(() -> tokens.begin(batch(), "order-views", 0))
                .isInstanceOf(UnableToClaimTokenException.class).hasMessageContaining("thrown back");
    }

    @Test
    void what_acts_at_once_is_told_if_touch_was_lost_since_the_batch_began() {
        AtomicLong lost = new AtomicLong();
        TokenAfterBatch tokens = new TokenAfterBatch(stored, Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ZERO, lost::get, () -> 0);
        tokens.fetchToken("order-views", 0);
        UnitOfWork<?> batch = batch();
        tokens.begin(batch, "order-views", 0);
        Batch.of(batch).mustStillBeInTouch();

        lost.incrementAndGet();

        assertThatThrownBy(() -> Batch.of(batch).mustStillBeInTouch()).isInstanceOf(UnableToClaimTokenException.class).hasMessageContaining("comes again");
    }

    private static UnitOfWork<?> batch() {
        return new DefaultUnitOfWork<>(GenericEventMessage.asEventMessage("event"));
    }

    @Test
    void a_token_that_was_stored_over_a_new_connection_is_taken_back() {
        AtomicLong lost = new AtomicLong();
        TokenStore losing = new InMemoryTokenStore() {
            @Override
            public void storeToken(TrackingToken token, String processorName, int segment) {
                super.storeToken(token, processorName, segment);
                lost.incrementAndGet();
            }
        };
        losing.initializeTokenSegments("order-views", 1, START);

        assertThatThrownBy(() -> processBatch(new TokenAfterBatch(losing, Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ZERO, lost::get, () -> 0), unitOfWork -> { }))
                .isInstanceOf(UnableToClaimTokenException.class);

        assertThat(losing.fetchToken("order-views", 0)).isEqualTo(START);
    }

    @Test
    void who_extended_the_claim_a_moment_ago_does_not_look_again() {
        AtomicLong now = new AtomicLong();
        AtomicInteger looks = new AtomicInteger();
        TokenStore counting = new InMemoryTokenStore() {
            @Override
            public TrackingToken fetchToken(String processorName, int segment) {
                looks.incrementAndGet();
                return super.fetchToken(processorName, segment);
            }
        };
        counting.initializeTokenSegments("order-views", 1, START);
        TokenStore tokens = new TokenAfterBatch(counting, Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ZERO, () -> 0, now::get);
        tokens.fetchToken("order-views", 0);

        processBatch(tokens, unitOfWork -> { });
        now.set(Duration.ofSeconds(2).toNanos() - 1);
        processBatch(tokens, unitOfWork -> { });
        assertThat(looks).hasValue(1);

        now.set(Duration.ofSeconds(4).toNanos());
        processBatch(tokens, unitOfWork -> { });
        assertThat(looks).hasValue(2);
    }

    @Test
    void a_database_that_was_thrown_back_is_noticed_before_anything_is_written() {
        tokens.fetchToken("order-views", 0);
        stored.storeToken(new GlobalSequenceTrackingToken(1), "order-views", 0);

        assertThatThrownBy(() -> processBatch(unitOfWork -> { })).isInstanceOf(UnableToClaimTokenException.class).hasMessageContaining("thrown back");
        assertThat(story).isEmpty();
        assertThatThrownBy(() -> tokens.extendClaim("order-views", 0)).isInstanceOf(UnableToClaimTokenException.class);

        tokens.fetchToken("order-views", 0);
        processBatch(unitOfWork -> { });
        assertThat(stored.fetchToken("order-views", 0)).isEqualTo(NEXT);
    }

    @Test
    void who_lost_its_claim_writes_nothing_any_more() {
        TokenStore anothers = new InMemoryTokenStore() {
            @Override
            public TrackingToken fetchToken(String processorName, int segment) {
                throw new UnableToClaimTokenException("it is another's");
            }
        };
        TokenStore late = new TokenAfterBatch(anothers, Duration.ofSeconds(5));
        DefaultUnitOfWork<?> unitOfWork = DefaultUnitOfWork.startAndGet(GenericEventMessage.asEventMessage("one"));
        unitOfWork.onPrepareCommit(committing -> late.storeToken(NEXT, "order-views", 0));

        assertThatThrownBy(() -> unitOfWork.execute(() -> write("view"))).isInstanceOf(UnableToClaimTokenException.class);

        assertThat(story).isEmpty();
    }

    @Test
    void past_what_does_not_concern_it_a_processor_moves_no_token_either_that_was_thrown_back() {
        tokens.fetchToken("order-views", 0);
        stored.storeToken(new GlobalSequenceTrackingToken(1), "order-views", 0);

        assertThatThrownBy(() -> tokens.storeToken(NEXT, "order-views", 0)).isInstanceOf(UnableToClaimTokenException.class).hasMessageContaining("thrown back");

        assertThat(stored.fetchToken("order-views", 0)).isEqualTo(new GlobalSequenceTrackingToken(1));
    }

    @Test
    void outside_of_a_batch_a_token_moves_at_once() {
        tokens.storeToken(NEXT, "order-views", 0);

        assertThat(stored.fetchToken("order-views", 0)).isEqualTo(NEXT);
    }

    /** As Axon's pooled processor does it: the token is handed over first of all when the batch commits. */
    private void processBatch(Consumer<UnitOfWork<?>> handler) {
        processBatch(tokens, handler);
    }

    private void processBatch(TokenStore tokens, Consumer<UnitOfWork<?>> handler) {
        BatchingUnitOfWork<?> unitOfWork = new BatchingUnitOfWork<>(List.of(GenericEventMessage.asEventMessage("one"), GenericEventMessage.asEventMessage("two")));
        unitOfWork.onPrepareCommit(committing -> tokens.storeToken(NEXT, "order-views", 0));
        var result = unitOfWork.executeWithResult(() -> {
            write("view");
            handler.accept(unitOfWork);
            return null;
        });
        if (result.isExceptional()) {
            throw (RuntimeException) result.exceptionResult();
        }
    }

    private static void note(String what, Runnable doing) {
        Batch.current().note(what, Batch.Part.class, () -> position -> Mono.fromRunnable(doing), part -> { });
    }

    private void write(String what) {
        note(what, () -> story.add(what + " at " + stored.fetchToken("order-views", 0)));
    }
}
