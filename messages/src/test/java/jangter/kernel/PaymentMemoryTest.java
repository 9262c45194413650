package jangter.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PaymentMemoryTest {

    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
    private static final PaymentId PAYMENT = new PaymentId("payment-1");
    private static final PaymentId OTHER = new PaymentId("payment-2");

    private final PaymentMemory<String> memory = new PaymentMemory<>();

    @Test
    void of_an_unknown_payment_it_knows_nothing() {
        assertThat(memory.isAnswered(PAYMENT)).isFalse();
        assertThat(memory.isVoid(PAYMENT)).isFalse();
        assertThat(memory.isOver(PAYMENT)).isFalse();
        assertThat(memory.done(PAYMENT)).isEmpty();
        assertThat(memory.isTooLate(NOON)).isFalse();
        assertThat(memory.size()).isZero();
    }

    @Test
    void what_was_done_is_answered_and_can_be_undone() {
        memory.remember(PAYMENT, "tea", NOON);

        assertThat(memory.isAnswered(PAYMENT)).isTrue();
        assertThat(memory.isVoid(PAYMENT)).isFalse();
        assertThat(memory.isOver(PAYMENT)).isFalse();
        assertThat(memory.done(PAYMENT)).contains("tea");
    }

    @Test
    void what_was_undone_is_answered_and_over() {
        memory.remember(PAYMENT, "tea", NOON);
        memory.close(PAYMENT, NOON);

        assertThat(memory.isAnswered(PAYMENT)).isTrue();
        assertThat(memory.isVoid(PAYMENT)).isFalse();
        assertThat(memory.isOver(PAYMENT)).isTrue();
        assertThat(memory.done(PAYMENT)).isEmpty();
        assertThat(memory.size()).isOne();
    }

    @Test
    void what_was_refused_is_answered_and_over() {
        memory.close(PAYMENT, NOON);

        assertThat(memory.isAnswered(PAYMENT)).isTrue();
        assertThat(memory.isVoid(PAYMENT)).isFalse();
        assertThat(memory.isOver(PAYMENT)).isTrue();
    }

    @Test
    void what_was_undone_before_it_arrived_is_void_and_over_but_not_answered() {
        memory.markVoid(PAYMENT, NOON);

        assertThat(memory.isAnswered(PAYMENT)).isFalse();
        assertThat(memory.isVoid(PAYMENT)).isTrue();
        assertThat(memory.isOver(PAYMENT)).isTrue();
        assertThat(memory.done(PAYMENT)).isEmpty();
    }

    @Test
    void a_void_step_that_arrives_and_is_refused_is_answered_from_then_on() {
        memory.markVoid(PAYMENT, NOON);
        memory.close(PAYMENT, NOON);

        assertThat(memory.isAnswered(PAYMENT)).isTrue();
        assertThat(memory.isVoid(PAYMENT)).isFalse();
        assertThat(memory.isOver(PAYMENT)).isTrue();
        assertThat(memory.size()).isOne();
    }

    @Test
    void settling_ends_what_was_done_and_nothing_else() {
        memory.remember(PAYMENT, "tea", NOON);
        memory.settle(List.of(PAYMENT, OTHER));

        assertThat(memory.done(PAYMENT)).isEmpty();
        assertThat(memory.isAnswered(PAYMENT)).isTrue();
        assertThat(memory.isOver(PAYMENT)).isTrue();
        assertThat(memory.isAnswered(OTHER)).isFalse();
        assertThat(memory.isOver(OTHER)).isFalse();
    }

    @Test
    void one_payment_tells_nothing_of_another() {
        memory.remember(PAYMENT, "tea", NOON);
        memory.close(OTHER, NOON);

        assertThat(memory.done(PAYMENT)).contains("tea");
        assertThat(memory.done(OTHER)).isEmpty();
    }

    @Test
    void of_what_is_over_it_keeps_only_the_last() {
        closeAsManyAsItKeeps();
        assertThat(memory.isAnswered(closed(0))).isTrue();

        memory.close(PAYMENT, NOON.plusSeconds(PaymentMemory.MOST));

        assertThat(memory.size()).isEqualTo(PaymentMemory.MOST);
        assertThat(memory.isAnswered(closed(0))).isFalse();
        assertThat(memory.isAnswered(closed(1))).isTrue();
        assertThat(memory.isAnswered(PAYMENT)).isTrue();
    }

    @Test
    void what_is_closed_again_takes_no_room() {
        closeAsManyAsItKeeps();
        memory.close(closed(PaymentMemory.MOST - 1), NOON);

        assertThat(memory.isAnswered(closed(0))).isTrue();
    }

    @Test
    void what_was_done_is_kept_however_much_is_over_since() {
        memory.remember(PAYMENT, "tea", NOON.minusSeconds(1));
        closeAsManyAsItKeeps();
        memory.close(OTHER, NOON);

        assertThat(memory.done(PAYMENT)).contains("tea");
        assertThat(memory.isAnswered(PAYMENT)).isTrue();
    }

    @Test
    void nothing_is_too_late_as_long_as_nothing_was_let_go() {
        closeAsManyAsItKeeps();

        assertThat(memory.isTooLate(NOON.minusSeconds(1))).isFalse();
    }

    @Test
    void whatever_was_requested_no_later_than_one_let_go_is_too_late() {
        closeAsManyAsItKeeps();
        memory.close(OTHER, NOON.plusSeconds(PaymentMemory.MOST));

        assertThat(memory.isTooLate(NOON.minusSeconds(1))).isTrue();
        assertThat(memory.isTooLate(NOON)).isTrue();
        assertThat(memory.isTooLate(NOON.plusNanos(1))).isFalse();
    }

    @Test
    void letting_go_of_an_earlier_request_does_not_turn_back_what_is_too_late() {
        memory.close(PAYMENT, NOON.plusSeconds(60));
        closeAsManyAsItKeeps();
        assertThat(memory.isTooLate(NOON.plusSeconds(60))).isTrue();

        memory.close(OTHER, NOON);

        assertThat(memory.isTooLate(NOON.plusSeconds(60))).isTrue();
    }

    private void closeAsManyAsItKeeps() {
        IntStream.range(0, PaymentMemory.MOST).forEach(i -> memory.close(closed(i), NOON.plusSeconds(i)));
    }

    private static PaymentId closed(int i) {
        return new PaymentId("payment-closed-" + i);
    }
}
