package jangter.platform.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
import reactor.core.scheduler.Schedulers;

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

    // --- what is kept in memory

    private static final Duration SAVE_EVERY = Duration.ofMillis(200);

    private final AtomicLong now = new AtomicLong();
    private final AtomicLong timesLost = new AtomicLong();
    private final TokenAfterBatch keeping = new TokenAfterBatch(stored, Duration.ofSeconds(5), Duration.ofSeconds(2), SAVE_EVERY, timesLost::get, now::get);

    /** What was kept and not saved yet. */
    private final class Shelf implements SegmentMemory.Content {

        private final String name;
        private final List<String> unsaved = new ArrayList<>();

        Shelf(String name) {
            this.name = name;
        }

        @Override
        public boolean isUnsaved() {
            return !unsaved.isEmpty();
        }

        @Override
        public Mono<Void> prepare() {
            return Mono.fromRunnable(() -> story.add(name + " prepared"));
        }

        @Override
        public Mono<Void> finish(long position) {
            return Mono.fromRunnable(() -> {
                story.add(name + " saved " + unsaved + " of up to " + position);
                unsaved.clear();
            });
        }
    }

    @Test
    void what_is_kept_in_memory_is_saved_together_and_with_the_last_token_once_the_first_of_it_has_waited_long_enough() {
        handle(4, () -> keep("a"));
        now.set(SAVE_EVERY.toNanos() - 1);
        handle(5, () -> keep("b"));
        assertThat(story).isEmpty();
        assertThat(storedToken()).isEqualTo(START);

        now.set(SAVE_EVERY.toNanos());
        handle(6, () -> keep("c"));

        assertThat(story).containsExactly("shelf prepared", "shelf saved [a, b, c] of up to 6");
        assertThat(storedToken()).isEqualTo(at(6));
    }

    @Test
    void what_comes_after_a_saving_waits_anew() {
        handle(4, () -> keep("a"));
        now.set(SAVE_EVERY.toNanos());
        handle(5, () -> keep("b"));

        handle(6, () -> keep("c"));
        now.set(2 * SAVE_EVERY.toNanos() - 1);
        handle(7, () -> keep("d"));

        assertThat(story).containsExactly("shelf prepared", "shelf saved [a, b] of up to 5");
        assertThat(storedToken()).isEqualTo(at(5));
    }

    @Test
    void what_is_kept_is_saved_when_the_claim_is_extended_and_only_once() {
        handle(4, () -> keep("a"));
        handle(5, () -> keep("b"));

        keeping.extendClaim("order-views", 0);
        keeping.extendClaim("order-views", 0);

        assertThat(story).containsExactly("shelf prepared", "shelf saved [a, b] of up to 5");
        assertThat(storedToken()).isEqualTo(at(5));
    }

    @Test
    void a_batch_that_has_something_to_write_takes_along_what_is_kept() {
        handle(4, () -> keep("a"));

        handle(5, () -> write("view"));

        assertThat(story).containsExactlyInAnyOrder("shelf prepared", "view at " + START, "shelf saved [a] of up to 5");
        assertThat(storedToken()).isEqualTo(at(5));

        handle(6, () -> write("view"));
        assertThat(story).as("there is nothing more to save").hasSize(4).last().isEqualTo("view at " + at(5));
    }

    @Test
    void events_that_want_nothing_wait_with_what_is_kept_and_are_not_put_off_where_nothing_is() {
        handle(4, () -> { });
        assertThat(storedToken()).isEqualTo(at(4));

        handle(5, () -> keep("a"));
        handle(6, () -> { });
        assertThat(storedToken()).isEqualTo(at(4));

        keeping.extendClaim("order-views", 0);
        assertThat(story).containsExactly("shelf prepared", "shelf saved [a] of up to 6");
        assertThat(storedToken()).isEqualTo(at(6));
    }

    @Test
    void past_what_does_not_concern_it_a_processor_moves_its_token_with_what_is_kept() {
        handle(4, () -> keep("a"));

        keeping.storeToken(at(9), "order-views", 0);

        assertThat(story).containsExactly("shelf prepared", "shelf saved [a] of up to 9");
        assertThat(storedToken()).isEqualTo(at(9));
    }

    @Test
    void all_is_prepared_before_any_is_saved() {
        handle(4, () -> {
            keep("sagas", "a saga");
            keep("timers", "its timer");
        });

        keeping.extendClaim("order-views", 0);

        assertThat(story.subList(0, 2)).containsExactlyInAnyOrder("sagas prepared", "timers prepared");
        assertThat(story.subList(2, 4)).containsExactlyInAnyOrder("sagas saved [a saga] of up to 4", "timers saved [its timer] of up to 4");
    }

    @Test
    void what_cannot_be_prepared_keeps_all_else_from_being_saved_and_the_token_where_it_is() {
        SegmentMemory.Content broken = new SegmentMemory.Content() {
            @Override
            public boolean isUnsaved() {
                return true;
            }

            @Override
            public Mono<Void> prepare() {
                return Mono.error(new IllegalStateException("no clock"));
            }

            @Override
            public Mono<Void> finish(long position) {
                return Mono.empty();
            }
        };
        handle(4, () -> {
            keep("a");
            Batch.current().memory().content("timers", SegmentMemory.Content.class, () -> broken);
        });

        assertThatThrownBy(() -> keeping.extendClaim("order-views", 0)).hasMessage("no clock");

        assertThat(story).containsExactly("shelf prepared");
        assertThat(storedToken()).isEqualTo(START);
    }

    @Test
    void a_segment_that_is_let_go_is_saved_first_and_remembers_nothing_afterwards() {
        handle(4, () -> keep("a"));

        keeping.releaseClaim("order-views", 0);
        assertThat(story).containsExactly("shelf prepared", "shelf saved [a] of up to 4");
        assertThat(storedToken()).isEqualTo(at(4));

        handle(5, () -> story.add("remembers " + shelf("shelf").unsaved + " on a new shelf"));
        assertThat(story).last().isEqualTo("remembers [] on a new shelf");
        assertThat(shelvesMade).hasValue(2);
    }

    @Test
    void a_segment_whose_memory_cannot_be_saved_is_let_go_all_the_same() {
        handle(4, () -> keep("a"));
        stored.storeToken(at(1), "order-views", 0);
        timesLost.incrementAndGet();

        keeping.releaseClaim("order-views", 0);

        assertThat(story).isEmpty();
        assertThat(storedToken()).isEqualTo(at(1));
        keeping.fetchToken("order-views", 0);
        handle(2, () -> keep("b"));
        keeping.extendClaim("order-views", 0);
        assertThat(story).containsExactly("shelf prepared", "shelf saved [b] of up to 2");
    }

    @Test
    void a_batch_that_failed_half_way_spoils_what_is_kept_and_letting_the_segment_go_saves_none_of_it() {
        handle(4, () -> keep("a"));
        assertThatThrownBy(() -> handle(5, () -> {
            keep("half of b");
            throw new IllegalStateException("broken");
        })).hasMessage("broken");

        keeping.releaseClaim("order-views", 0);

        assertThat(story).isEmpty();
        assertThat(storedToken()).isEqualTo(START);
    }

    @Test
    void a_batch_that_could_not_be_written_moves_no_token_also_not_when_the_segment_is_let_go() {
        handle(4, () -> keep("a"));
        assertThatThrownBy(() -> handle(5, () -> Batch.current().note("broken", Batch.Part.class, () -> new Batch.Part() {
            @Override
            public Mono<Void> prepare() {
                return Mono.error(new IllegalStateException("no disk"));
            }

            @Override
            public Mono<Void> finish(long position) {
                return Mono.empty();
            }
        }, part -> { }))).hasMessage("no disk");
        assertThat(storedToken()).isEqualTo(START);

        keeping.releaseClaim("order-views", 0);

        assertThat(story).doesNotContain("shelf saved [a] of up to 5", "shelf saved [a] of up to 4");
        assertThat(storedToken()).isEqualTo(START);
    }

    @Test
    void extending_the_claim_saves_nothing_of_a_spoiled_memory() {
        handle(4, () -> keep("a"));
        assertThatThrownBy(() -> handle(5, () -> {
            keep("half of b");
            throw new IllegalStateException("broken");
        })).hasMessage("broken");

        assertThatThrownBy(() -> keeping.extendClaim("order-views", 0)).isInstanceOf(UnableToClaimTokenException.class).hasMessageContaining("half-way");

        assertThat(story).isEmpty();
        assertThat(storedToken()).isEqualTo(START);
    }

    @Test
    void moving_past_what_does_not_concern_it_saves_nothing_of_a_spoiled_memory() {
        handle(4, () -> keep("a"));
        assertThatThrownBy(() -> handle(5, () -> {
            keep("half of b");
            throw new IllegalStateException("broken");
        })).hasMessage("broken");

        assertThatThrownBy(() -> keeping.storeToken(at(9), "order-views", 0)).isInstanceOf(UnableToClaimTokenException.class);

        assertThat(story).isEmpty();
    }

    @Test
    void a_batch_that_did_not_begin_does_not_move_the_token_past_what_is_kept() {
        handle(4, () -> keep("a"));

        processBatch(keeping, unitOfWork -> { });

        assertThat(storedToken()).isEqualTo(NEXT);
        assertThat(story).contains("shelf saved [a] of up to 5");
    }

    @Test
    void a_views_batch_that_could_not_be_written_moves_no_token_when_the_segment_is_let_go() {
        assertThatThrownBy(() -> processBatch(keeping, unitOfWork -> note("broken", () -> {
            throw new IllegalStateException("no disk");
        }))).hasMessage("no disk");

        keeping.releaseClaim("order-views", 0);

        assertThat(storedToken()).isEqualTo(START);
    }

    @Test
    void what_is_kept_when_touch_is_lost_during_a_batch_is_not_saved() {
        handle(4, () -> keep("a"));
        assertThatThrownBy(() -> handle(5, () -> {
            keep("b");
            timesLost.incrementAndGet();
            Batch.current().mustStillBeInTouch();
        })).isInstanceOf(UnableToClaimTokenException.class);

        keeping.releaseClaim("order-views", 0);

        assertThat(story).isEmpty();
        assertThat(storedToken()).isEqualTo(START);
    }

    @Test
    void what_is_kept_when_touch_is_lost_while_it_is_saved_is_not_saved_later_either() {
        handle(4, () -> {
            keep("a");
            Batch.current().memory().content("losing", SegmentMemory.Content.class, () -> new SegmentMemory.Content() {
                @Override
                public boolean isUnsaved() {
                    return timesLost.get() == 0;
                }

                @Override
                public Mono<Void> prepare() {
                    return Mono.fromRunnable(timesLost::incrementAndGet);
                }

                @Override
                public Mono<Void> finish(long position) {
                    return Mono.empty();
                }
            });
        });
        assertThatThrownBy(() -> keeping.extendClaim("order-views", 0)).isInstanceOf(UnableToClaimTokenException.class).hasMessageContaining("comes again");

        keeping.releaseClaim("order-views", 0);

        assertThat(story).containsExactly("shelf prepared");
        assertThat(storedToken()).isEqualTo(START);
    }

    @Test
    void what_is_kept_above_a_database_that_was_thrown_back_is_not_saved() {
        handle(4, () -> keep("a"));
        stored.storeToken(at(1), "order-views", 0);

        assertThatThrownBy(() -> keeping.extendClaim("order-views", 0)).isInstanceOf(UnableToClaimTokenException.class).hasMessageContaining("thrown back");
        keeping.releaseClaim("order-views", 0);

        assertThat(story).isEmpty();
        assertThat(storedToken()).isEqualTo(at(1));
    }

    @Test
    void who_looks_at_the_token_and_finds_it_where_it_was_left_keeps_what_is_kept() {
        handle(4, () -> keep("a"));

        assertThat(keeping.fetchToken("order-views", 0)).isEqualTo(START);
        handle(5, () -> keep("b"));
        keeping.extendClaim("order-views", 0);

        assertThat(story).containsExactly("shelf prepared", "shelf saved [a, b] of up to 5");
    }

    @Test
    void who_looks_at_the_token_and_finds_it_elsewhere_begins_there_with_nothing_kept() {
        handle(4, () -> keep("a"));
        stored.storeToken(at(1), "order-views", 0);

        assertThat(keeping.fetchToken("order-views", 0)).isEqualTo(at(1));
        keeping.extendClaim("order-views", 0);
        assertThat(storedToken()).isEqualTo(at(1));
        handle(2, () -> keep("b"));
        keeping.extendClaim("order-views", 0);

        assertThat(story).containsExactly("shelf prepared", "shelf saved [b] of up to 2");
        assertThat(storedToken()).isEqualTo(at(2));
    }

    @Test
    void who_looks_at_the_token_after_a_batch_failed_begins_there_with_nothing_kept() {
        handle(4, () -> keep("a"));
        assertThatThrownBy(() -> handle(5, () -> {
            throw new IllegalStateException("broken");
        })).hasMessage("broken");

        assertThat(keeping.fetchToken("order-views", 0)).isEqualTo(START);
        handle(4, () -> keep("a again"));
        keeping.extendClaim("order-views", 0);

        assertThat(story).containsExactly("shelf prepared", "shelf saved [a again] of up to 4");
    }

    @Test
    void a_batch_of_no_known_segment_saves_by_itself_what_it_keeps() {
        processBatch(unitOfWork -> {
            assertThat(Batch.current().isOfSegment()).isFalse();
            keep("a");
        });

        assertThat(story).contains("shelf saved [a, a] of up to 5");
        assertThat(storedToken()).isEqualTo(NEXT);
    }

    @Test
    void segments_have_memories_of_their_own() {
        stored.initializeTokenSegments("saga-checkout", 2, START);
        handle("saga-checkout", 0, 4, () -> keep("a"));
        handle("saga-checkout", 1, 5, () -> keep("b"));

        keeping.extendClaim("saga-checkout", 1);

        assertThat(story).containsExactly("shelf prepared", "shelf saved [b] of up to 5");
        assertThat(stored.fetchToken("saga-checkout", 0)).isEqualTo(START);
        assertThat(stored.fetchToken("saga-checkout", 1)).isEqualTo(at(5));
    }

    private final AtomicInteger shelvesMade = new AtomicInteger();

    private void keep(String thing) {
        keep("shelf", thing);
    }

    private void keep(String shelf, String thing) {
        shelf(shelf).unsaved.add(thing);
    }

    private Shelf shelf(String name) {
        return Batch.current().memory().content(name, Shelf.class, () -> {
            shelvesMade.incrementAndGet();
            return new Shelf(name);
        });
    }

    private void handle(long position, Runnable handler) {
        handle("order-views", 0, position, handler);
    }

    /** One batch whose handlers act at once. */
    private void handle(String processor, int segment, long position, Runnable handler) {
        UnitOfWork<?> unitOfWork = batch();
        unitOfWork.onPrepareCommit(committing -> keeping.storeToken(at(position), processor, segment));
        var result = unitOfWork.executeWithResult(() -> {
            keeping.begin(unitOfWork, processor, segment);
            handler.run();
            return null;
        });
        if (result.isExceptional()) {
            throw (RuntimeException) result.exceptionResult();
        }
    }

    private TrackingToken storedToken() {
        return stored.fetchToken("order-views", 0);
    }

    private static TrackingToken at(long position) {
        return new GlobalSequenceTrackingToken(position);
    }

    // --- written beside the next

    private final Deque<Runnable> unwritten = new ArrayDeque<>();
    private final TokenAfterBatch beside = new TokenAfterBatch(stored, Duration.ofSeconds(5), Duration.ofSeconds(2), SAVE_EVERY, timesLost::get, now::get)
            .writingBeside(Schedulers.fromExecutor(unwritten::add));

    @Test
    void where_batches_are_written_beside_the_next_a_token_moves_when_that_is_handled() {
        assertThat(beside.hasWritten("order-views")).isTrue();
        handle(beside, 4, () -> write("view"));
        assertThat(story).isEmpty();
        assertThat(beside.hasWritten("order-views")).isFalse();
        assertThat(beside.hasWritten("payment-views")).isTrue();
        letWrite();
        assertThat(beside.hasWritten("order-views")).isTrue();
        assertThat(story).containsExactly("view at " + START);
        assertThat(storedToken()).isEqualTo(START);

        handle(beside, 5, () -> write("view"));

        assertThat(storedToken()).isEqualTo(at(4));
        letWrite();
        assertThat(story).containsExactly("view at " + START, "view at " + at(4));
    }

    @Test
    void the_last_token_moves_when_the_claim_is_extended_or_given_up() {
        handle(beside, 4, () -> write("view"));
        letWrite();
        beside.extendClaim("order-views", 0);
        assertThat(storedToken()).isEqualTo(at(4));

        handle(beside, 5, () -> write("view"));
        letWrite();
        beside.releaseClaim("order-views", 0);
        assertThat(storedToken()).isEqualTo(at(5));
    }

    @Test
    void past_what_does_not_concern_it_a_processor_waits_for_what_is_being_written() {
        handleWhatCannotBeWritten();
        assertThat(beside.hasWritten("order-views")).isFalse();

        assertThatThrownBy(() -> beside.storeToken(at(9), "order-views", 0)).hasMessage("no disk");

        assertThat(storedToken()).isEqualTo(START);
    }

    @Test
    void if_a_batch_cannot_be_written_the_next_one_fails_unwritten_and_both_come_again() {
        handleWhatCannotBeWritten();

        assertThatThrownBy(() -> handle(beside, 5, () -> write("view"))).hasMessage("no disk");
        letWrite();

        assertThat(story).isEmpty();
        assertThat(storedToken()).isEqualTo(START);
        beside.releaseClaim("order-views", 0);
        beside.fetchToken("order-views", 0);
        handle(beside, 5, () -> write("view"));
        letWrite();
        beside.extendClaim("order-views", 0);
        assertThat(storedToken()).isEqualTo(at(5));
    }

    @Test
    void if_touch_was_lost_while_a_batch_was_written_beside_the_next_its_token_does_not_move() {
        beside.fetchToken("order-views", 0);
        handle(beside, 4, () -> note("loses the connection", timesLost::incrementAndGet));
        letWrite();

        assertThatThrownBy(() -> handle(beside, 5, () -> write("view"))).isInstanceOf(UnableToClaimTokenException.class).hasMessageContaining("comes again");

        assertThat(story).isEmpty();
        assertThat(storedToken()).isEqualTo(START);
    }

    @Test
    void what_acts_at_once_is_written_before_it_is_over_all_the_same() {
        UnitOfWork<?> batch = DefaultUnitOfWork.startAndGet(GenericEventMessage.asEventMessage("event"));
        beside.begin(batch, "order-views", 0);
        batch.onPrepareCommit(committing -> beside.storeToken(at(4), "order-views", 0));

        batch.execute(() -> write("view"));

        assertThat(story).containsExactly("view at " + START);
        assertThat(storedToken()).isEqualTo(at(4));
    }

    private void handleWhatCannotBeWritten() {
        handle(beside, 4, () -> note("broken", () -> {
            throw new IllegalStateException("no disk");
        }));
        letWrite();
    }

    private void letWrite() {
        while (!unwritten.isEmpty()) {
            unwritten.remove().run();
        }
    }

    private static void handle(TokenAfterBatch tokens, long last, Runnable handler) {
        DefaultUnitOfWork<?> batch = DefaultUnitOfWork.startAndGet(GenericEventMessage.asEventMessage("event"));
        batch.onPrepareCommit(committing -> tokens.storeToken(at(last), "order-views", 0));
        batch.execute(handler);
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
