package jangter.axonserver.store;

import jangter.axonserver.store.BlockRuns.Run;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

class UnindexedTest {

    private final Unindexed unindexed = new Unindexed();

    @Test
    void an_aggregate_is_found_from_the_block_that_reaches_the_sequence_number() {
        unindexed.add(List.of(block(0, run("order-1", 4, 0), run("order-2", 0, 0)), block(1, run("order-1", 9, 1)), block(2, run("order-1", 10, 2))));

        assertThat(unindexed.of("order-1", 0)).extracting(Run::block).containsExactly(0L, 1L, 2L);
        assertThat(unindexed.of("order-1", 5)).extracting(Run::block).containsExactly(1L, 2L);
        assertThat(unindexed.of("order-1", 9)).extracting(Run::block).containsExactly(1L, 2L);
        assertThat(unindexed.of("order-1", 11)).isEmpty();
        assertThat(unindexed.of("order-3", 0)).isEmpty();
        assertThat(unindexed.highestSequence("order-1")).isEqualTo(10);
        assertThat(unindexed.highestSequence("order-3")).isEqualTo(-1);
    }

    @Test
    void what_is_indexed_goes_and_the_rest_stays() {
        unindexed.add(List.of(wide(0, 1_999), block(1, run("order-1", 0, 1)), block(2, run("order-1", 1, 2), run("order-2", 0, 2))));

        unindexed.remove(unindexed.first());

        assertThat(unindexed.of("order-1", 0)).extracting(Run::block).containsExactly(2L);
        unindexed.remove(unindexed.first());
        assertThat(unindexed.of("order-1", 0)).isEmpty();
        assertThat(unindexed.highestSequence("order-2")).isEqualTo(-1);
        assertThat(unindexed.isEmpty()).isTrue();
    }

    @Test
    void blocks_are_indexed_whole_and_in_their_order() {
        unindexed.add(List.of(wide(0, 1_500), wide(1, 501), wide(2, 1)));

        assertThat(unindexed.first()).extracting(BlockRuns::lastToken).containsExactly(0L);
    }

    @Test
    void a_block_of_more_rows_than_a_transaction_takes_in_is_indexed_alone() {
        unindexed.add(List.of(wide(0, Unindexed.ROWS_AT_ONCE + 1), wide(1, 1)));

        assertThat(unindexed.first()).extracting(BlockRuns::lastToken).containsExactly(0L);
    }

    @Test
    void nothing_is_overdue_within_the_limits() {
        unindexed.add(blocks(Unindexed.MOST_ROWS / 100, 100, 0));

        assertThat(unindexed.overdue()).isEmpty();
    }

    @Test
    void of_too_many_rows_one_slice_is_overdue() {
        unindexed.add(blocks(Unindexed.MOST_ROWS / 100 + 1, 100, 0));

        assertThat(unindexed.overdue()).hasSize(Unindexed.ROWS_AT_ONCE / 100);
    }

    @Test
    void a_commit_larger_than_a_slice_leaves_no_more_behind_than_the_limit() {
        unindexed.add(blocks(2 * Unindexed.MOST_ROWS / 100, 100, 0));

        unindexed.remove(unindexed.overdue());

        assertThat(unindexed.overdue()).isEmpty();
    }

    @Test
    void of_too_many_bytes_one_slice_is_overdue() {
        unindexed.add(blocks(70, 1, 1024 * 1024));

        assertThat(unindexed.overdue()).hasSize(70);
    }

    @Test
    void blocks_without_any_aggregate_are_counted_too() {
        unindexed.add(blocks(Unindexed.MOST_ROWS + 1, 0, 0));

        assertThat(unindexed.overdue()).hasSize(Unindexed.ROWS_AT_ONCE);
    }

    @Test
    void nothing_is_left_after_clearing() {
        unindexed.add(blocks(2 * Unindexed.MOST_ROWS / 100, 100, 1024 * 1024));

        unindexed.clear();

        assertThat(unindexed.isEmpty()).isTrue();
        assertThat(unindexed.overdue()).isEmpty();
        assertThat(unindexed.highestSequence("order-0")).isEqualTo(-1);
    }

    private static List<BlockRuns> blocks(int count, int rows, int bytes) {
        return IntStream.range(0, count).mapToObj(block -> new BlockRuns(block, bytes, wide(block, rows).runs())).toList();
    }

    private static BlockRuns wide(long token, int rows) {
        return block(token, IntStream.range(0, rows).mapToObj(i -> run("wide-" + i, token, token)).toArray(Run[]::new));
    }

    private static BlockRuns block(long token, Run... runs) {
        return new BlockRuns(token, 0, List.of(runs));
    }

    private static Run run(String aggregate, long last, long block) {
        return new Run(aggregate, last, block);
    }
}
