package jangter.checkout;

import static jangter.checkout.Sample.*;
import static org.assertj.core.api.Assertions.assertThat;

import jangter.checkout.Checkout.State;
import jangter.checkout.Turn.Ask;
import jangter.checkout.Turn.Part;
import jangter.checkout.Turn.Timer;
import jangter.checkout.api.Step;
import jangter.coupon.api.CouponEvent;
import jangter.inventory.api.InventoryEvent;
import jangter.order.api.FailureReason;
import jangter.order.api.OrderEvent.PaymentRequested;
import jangter.payment.api.PaymentEvent.DeclineReason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CheckoutTest {

    @Nested
    class Goes_forward {

        @Test
        void one_line_is_paid_deducted_and_completed() {
            PaymentRequested request = oneLine();
            Turn turn = start(request);
            assertThat(sent(turn)).containsExactly(takePayment(request));

            turn = on(turn, taken());
            assertThat(sent(turn)).containsExactly(deductStock(TEA));

            turn = on(turn, deducted(TEA));
            assertThat(sent(turn)).containsExactly(completeOrder());

            turn = on(turn, completed(request));
            assertThat(turn.checkout().state()).isEqualTo(State.COMPLETED);
            assertThat(sent(turn)).isEmpty();
        }

        @Test
        void a_coupon_is_spent_after_the_stock_and_before_the_end() {
            PaymentRequested request = oneLineAndCoupon();
            Turn turn = given(request, taken(), deducted(TEA));
            assertThat(sent(turn)).containsExactly(useCoupon(request));

            turn = on(turn, couponUsed());
            assertThat(sent(turn)).containsExactly(completeOrder());
            assertThat(on(turn, completed(request)).checkout().state()).isEqualTo(State.COMPLETED);
        }

        @Test
        void all_lines_are_deducted_at_once_and_all_are_waited_for() {
            Turn turn = given(threeLines(), taken());
            assertThat(sent(turn)).containsExactly(deductStock(TEA), deductStock(CUP), deductStock(POT));

            turn = on(turn, deducted(POT));
            assertThat(sent(turn)).isEmpty();
            turn = on(turn, deducted(TEA));
            assertThat(sent(turn)).isEmpty();
            turn = on(turn, deducted(CUP));
            assertThat(sent(turn)).containsExactly(completeOrder());
        }

        @Test
        void three_lines_and_a_coupon_complete() {
            PaymentRequested request = threeLinesAndCoupon();
            Turn turn = given(request, taken(), deducted(TEA), deducted(CUP), deducted(POT));
            assertThat(sent(turn)).containsExactly(useCoupon(request));
            assertThat(on(turn, couponUsed(), completed(request)).checkout().state()).isEqualTo(State.COMPLETED);
        }

        @Test
        void each_answer_tells_which_part_it_answers() {
            PaymentRequested request = oneLineAndCoupon();
            assertThat(start(request).answered()).isNull();
            assertThat(given(request, taken()).answered()).isEqualTo(new Part(Step.TAKE_PAYMENT, null));
            assertThat(given(request, taken(), deducted(TEA)).answered()).isEqualTo(new Part(Step.DEDUCT_STOCK, TEA));
            assertThat(given(request, taken(), deducted(TEA), couponUsed()).answered()).isEqualTo(new Part(Step.USE_COUPON, null));
            assertThat(given(request, taken(), deducted(TEA), couponUsed(), completed(request)).answered())
                    .isEqualTo(new Part(Step.COMPLETE_ORDER, null));
        }

        @Test
        void an_answer_given_twice_says_nothing_the_second_time() {
            PaymentRequested request = threeLinesAndCoupon();
            Turn turn = start(request);
            for (Object answer : List.of(taken(), deducted(TEA), deducted(CUP), deducted(POT), couponUsed(), completed(request))) {
                turn = on(turn, answer);
                assertSaysNothing(turn, answer);
            }
        }

        @Test
        void an_answer_that_overtakes_the_one_before_is_kept() {
            Turn turn = given(threeLines(), deducted(CUP));
            assertThat(sent(turn)).isEmpty();
            turn = on(turn, taken());
            assertThat(sent(turn)).containsExactly(deductStock(TEA), deductStock(POT));
            assertThat(sent(on(turn, deducted(TEA), deducted(POT)))).containsExactly(completeOrder());
        }

        @Test
        void what_is_about_no_line_of_the_order_says_nothing() {
            assertSaysNothing(given(oneLine(), taken()), deducted(CUP));
            assertSaysNothing(given(oneLine(), taken()), couponUsed());
            assertSaysNothing(given(oneLine(), taken()), "something else");
        }
    }

    @Nested
    class Turns_back {

        @ParameterizedTest
        @CsvSource({"INSUFFICIENT_BALANCE, INSUFFICIENT_BALANCE", "OTHER_CURRENCY, WALLET_UNUSABLE", "VOIDED, NOT_ANSWERED",
                "TOO_LATE, NOT_ANSWERED"})
        void a_declined_payment_fails_at_once_since_there_is_nothing_to_undo(DeclineReason declined, FailureReason reason) {
            Turn turn = given(oneLineAndCoupon(), declined(declined));
            assertThat(turn.checkout().state()).isEqualTo(State.COMPENSATING);
            assertThat(sent(turn)).containsExactly(failPayment(reason));
            assertThat(turn.told()).isEmpty();

            turn = on(turn, failed(reason));
            assertThat(turn.checkout().state()).isEqualTo(State.FAILED);
            assertThat(turn.checkout().reason()).isEqualTo(reason);
        }

        @ParameterizedTest
        @CsvSource({"OUT_OF_STOCK, OUT_OF_STOCK", "UNKNOWN_PRODUCT, OUT_OF_STOCK", "VOIDED, NOT_ANSWERED", "TOO_LATE, NOT_ANSWERED"})
        void a_refused_line_gives_the_payment_back(InventoryEvent.RefusedBecause refused, FailureReason reason) {
            Turn turn = given(oneLine(), taken(), deductionRefused(TEA, refused));
            assertThat(turn.told()).containsExactly(compensationStarted(reason));
            assertThat(sent(turn)).containsExactly(refundPayment());

            turn = on(turn, refunded());
            assertThat(sent(turn)).containsExactly(failPayment(reason));
            assertThat(on(turn, failed(reason)).checkout().state()).isEqualTo(State.FAILED);
        }

        @ParameterizedTest
        @CsvSource({"UNKNOWN_COUPON, COUPON_UNUSABLE", "NOT_THE_OWNER, COUPON_UNUSABLE", "ALREADY_USED, COUPON_UNUSABLE",
                "EXPIRED, COUPON_UNUSABLE", "OTHER_DISCOUNT, COUPON_UNUSABLE", "VOIDED, NOT_ANSWERED", "TOO_LATE, NOT_ANSWERED"})
        void a_refused_coupon_gives_back_the_stock_and_then_the_payment(CouponEvent.RefusedBecause refused, FailureReason reason) {
            Turn turn = given(requested(oneLineAndCoupon().basket().coupon(), TEA, CUP), taken(), deducted(TEA), deducted(CUP),
                    couponRefused(refused));
            assertThat(turn.told()).containsExactly(compensationStarted(reason));
            assertThat(sent(turn)).containsExactly(restoreStock(TEA), restoreStock(CUP));

            turn = on(turn, restored(CUP));
            assertThat(sent(turn)).isEmpty();
            turn = on(turn, restored(TEA));
            assertThat(sent(turn)).containsExactly(refundPayment());
            turn = on(turn, refunded());
            assertThat(sent(turn)).containsExactly(failPayment(reason));
            assertThat(on(turn, failed(reason)).checkout().state()).isEqualTo(State.FAILED);
        }

        @Test
        void a_refused_line_is_not_restored_but_those_done_and_those_unanswered_are() {
            Turn turn = given(threeLines(), taken(), deducted(TEA), outOfStock(CUP));
            assertThat(sent(turn)).containsExactly(restoreStock(TEA), restoreStock(POT));

            turn = on(turn, restored(TEA));
            assertThat(sent(turn)).isEmpty();
            turn = on(turn, deductionVoided(POT));
            assertThat(sent(turn)).containsExactly(refundPayment());
        }

        @Test
        void a_late_refusal_confirms_that_nothing_is_left_to_undo() {
            Turn turn = given(threeLines(), taken(), outOfStock(CUP), outOfStock(TEA));
            assertThat(sent(turn)).isEmpty();
            assertThat(turn.answered()).isEqualTo(new Part(Step.RESTORE_STOCK, TEA));

            turn = on(turn, deductionRefused(POT, InventoryEvent.RefusedBecause.VOIDED));
            assertThat(sent(turn)).containsExactly(refundPayment());
            assertThat(turn.checkout().reason()).isEqualTo(FailureReason.OUT_OF_STOCK);
        }

        @Test
        void a_late_success_confirms_nothing() {
            Turn turn = given(threeLines(), taken(), outOfStock(CUP), deducted(TEA), deducted(POT));
            assertThat(turn.checkout().step()).isEqualTo(Step.RESTORE_STOCK);
            assertThat(sent(turn)).isEmpty();

            turn = on(turn, restored(TEA), restored(POT));
            assertThat(sent(turn)).containsExactly(refundPayment());
        }

        @Test
        void what_was_done_before_it_was_asked_for_is_undone_all_the_same() {
            Turn turn = given(oneLine(), deducted(TEA), declined(DeclineReason.INSUFFICIENT_BALANCE));
            assertThat(sent(turn)).containsExactly(restoreStock(TEA));
            assertThat(sent(on(turn, restored(TEA)))).containsExactly(failPayment(FailureReason.INSUFFICIENT_BALANCE));
        }

        @Test
        void what_another_hand_undid_turns_it_back() {
            Turn turn = given(threeLines(), taken(), deducted(TEA), refunded());
            assertThat(sent(turn)).containsExactly(restoreStock(TEA), restoreStock(CUP), restoreStock(POT));
            assertThat(turn.checkout().reason()).isEqualTo(FailureReason.NOT_ANSWERED);
        }

        @Test
        void the_first_reason_stays() {
            Turn turn = given(threeLines(), taken(), outOfStock(CUP), deductionRefused(TEA, InventoryEvent.RefusedBecause.TOO_LATE),
                    restored(POT), refunded());
            assertThat(sent(turn)).containsExactly(failPayment(FailureReason.OUT_OF_STOCK));
        }

        @Test
        void every_event_of_the_way_back_may_come_twice() {
            PaymentRequested request = threeLinesAndCoupon();
            Turn turn = start(request);
            for (Object event : List.of(taken(), deducted(TEA), deducted(CUP), deducted(POT),
                    couponRefused(CouponEvent.RefusedBecause.EXPIRED), restored(POT), restored(TEA), restored(CUP), refunded(),
                    failed(FailureReason.COUPON_UNUSABLE))) {
                turn = on(turn, event);
                assertSaysNothing(turn, event);
            }
            assertThat(turn.checkout().state()).isEqualTo(State.FAILED);
        }

        @Test
        void a_success_after_its_undoing_says_nothing() {
            Turn turn = given(threeLines(), taken(), outOfStock(CUP), restored(TEA), deductionVoided(POT));
            assertSaysNothing(turn, deducted(TEA));
            assertSaysNothing(turn, deducted(POT));
            turn = on(turn, refunded());
            assertSaysNothing(turn, taken());
            assertSaysNothing(turn, deducted(TEA));
        }

        @Test
        void an_order_that_is_said_to_be_complete_while_it_is_undone_is_not_believed() {
            assertSaysNothing(given(oneLine(), taken(), outOfStock(TEA)), completed(oneLine()));
        }

        @Test
        void a_payment_fails_only_when_it_was_asked_to() {
            assertSaysNothing(given(oneLine(), taken()), failed(FailureReason.OUT_OF_STOCK));
            assertSaysNothing(given(oneLine(), taken(), outOfStock(TEA)), failed(FailureReason.OUT_OF_STOCK));
        }
    }

    @Nested
    class Past_the_pivot {

        @Test
        void nothing_is_undone_once_the_order_is_to_be_completed() {
            Turn turn = given(oneLineAndCoupon(), taken(), deducted(TEA), couponUsed());
            for (Object event : List.of(refunded(), restored(TEA), couponRestored(), outOfStock(TEA),
                    declined(DeclineReason.TOO_LATE), failed(FailureReason.NOT_ANSWERED))) {
                assertSaysNothing(turn, event);
            }
        }

        @Test
        void an_order_that_does_not_complete_is_parked_and_completes_when_retried() {
            PaymentRequested request = oneLine();
            Turn turn = unanswered(given(request, taken(), deducted(TEA)));
            assertThat(turn.checkout().state()).isEqualTo(State.PARKED);
            assertThat(turn.told()).containsExactly(parked(Step.COMPLETE_ORDER));
            assertThat(turn.checkout().reason()).isNull();

            turn = on(turn, retry(turn.checkout().round()));
            assertThat(turn.checkout().state()).isEqualTo(State.RUNNING);
            assertThat(sent(turn)).containsExactly(completeOrder());
            assertThat(on(turn, completed(request)).checkout().state()).isEqualTo(State.COMPLETED);
        }
    }

    @Nested
    class Keeps_time {

        @Test
        void it_sets_a_timer_when_it_starts() {
            assertThat(start(oneLine()).timer()).isEqualTo(new Timer(Duration.ofSeconds(2), elapsed(1)));
        }

        @Test
        void what_is_not_answered_is_sent_again_after_growing_waits() {
            PaymentRequested request = oneLine();
            Turn turn = on(start(request), elapsed(1));
            assertThat(turn.asks()).containsExactly(new Ask(new Part(Step.TAKE_PAYMENT, null), 2, takePayment(request)));
            assertThat(turn.told()).containsExactly(sentAgain(Step.TAKE_PAYMENT, 2));
            assertThat(turn.timer()).isEqualTo(new Timer(Duration.ofSeconds(4), elapsed(2)));

            turn = on(turn, elapsed(2));
            assertThat(turn.told()).containsExactly(sentAgain(Step.TAKE_PAYMENT, 3));
            assertThat(turn.timer()).isEqualTo(new Timer(Duration.ofSeconds(5), lastElapsed(3)));
        }

        @Test
        void only_the_unanswered_lines_are_sent_again() {
            Turn turn = given(threeLines(), taken(), deducted(CUP), elapsed(1), elapsed(2));
            assertThat(sent(turn)).containsExactly(deductStock(TEA), deductStock(POT));
            assertThat(turn.told()).containsExactly(sentAgain(Step.DEDUCT_STOCK, 2));
        }

        @Test
        void a_step_that_is_younger_than_the_timer_gets_its_own_time_before_it_is_sent_again() {
            Turn turn = given(oneLine(), taken());
            assertThat(turn.timer()).isNull();
            assertThat(turn.stopsTimer()).isFalse();

            turn = on(turn, elapsed(1));
            assertThat(sent(turn)).isEmpty();
            assertThat(turn.timer()).isEqualTo(new Timer(Duration.ofSeconds(2), elapsed(2)));
            assertThat(sent(on(turn, elapsed(2)))).containsExactly(deductStock(TEA));
        }

        @Test
        void the_long_timer_of_a_step_that_was_sent_again_is_replaced_when_the_step_is_answered() {
            Turn turn = given(oneLine(), elapsed(1), taken());
            assertThat(turn.stopsTimer()).isTrue();
            assertThat(turn.timer()).isEqualTo(new Timer(Duration.ofSeconds(2), elapsed(3)));
            assertSaysNothing(turn, elapsed(2));
        }

        @Test
        void a_timer_that_elapses_twice_or_late_or_is_of_another_round_says_nothing() {
            Turn turn = given(oneLine(), elapsed(1));
            assertSaysNothing(turn, elapsed(1));
            assertSaysNothing(turn, lastElapsed(1));
            assertSaysNothing(turn, elapsed(3));
            assertSaysNothing(turn, elapsed(0));
        }

        @Test
        void an_ended_checkout_stops_its_timer_and_heeds_none() {
            Turn turn = given(oneLine(), taken(), deducted(TEA), completed(oneLine()));
            assertThat(turn.stopsTimer()).isTrue();
            assertThat(turn.timer()).isNull();
            assertSaysNothing(turn, elapsed(1));
            assertSaysNothing(turn, retry(1));
        }

        @Test
        void the_last_timer_counts_even_if_the_pace_has_changed_since() {
            Turn turn = given(oneLine(), lastElapsed(1));
            assertThat(turn.checkout().state()).isEqualTo(State.COMPENSATING);
        }
    }

    @Nested
    class Gives_up {

        @Test
        void an_unanswered_payment_may_have_been_taken_so_it_is_given_back() {
            Turn turn = unanswered(start(oneLine()));
            assertThat(turn.told()).containsExactly(compensationStarted(FailureReason.NOT_ANSWERED));
            assertThat(sent(turn)).containsExactly(refundPayment());
            assertThat(turn.timer()).isNotNull();

            assertThat(on(turn, taken()).checkout().step()).isEqualTo(Step.REFUND_PAYMENT);
            assertThat(sent(on(turn, refunded()))).containsExactly(failPayment(FailureReason.NOT_ANSWERED));
            assertThat(sent(on(turn, paymentVoided()))).containsExactly(failPayment(FailureReason.NOT_ANSWERED));
            assertThat(sent(on(turn, declined(DeclineReason.INSUFFICIENT_BALANCE)))).containsExactly(failPayment(FailureReason.NOT_ANSWERED));
        }

        @Test
        void lines_that_stay_unanswered_are_restored_together_with_those_done() {
            Turn turn = unanswered(given(threeLines(), taken(), deducted(POT)));
            assertThat(turn.told()).containsExactly(compensationStarted(FailureReason.NOT_ANSWERED));
            assertThat(sent(turn)).containsExactly(restoreStock(TEA), restoreStock(CUP), restoreStock(POT));
        }

        @Test
        void an_unanswered_coupon_is_given_back_first() {
            Turn turn = unanswered(given(oneLineAndCoupon(), taken(), deducted(TEA)));
            assertThat(sent(turn)).containsExactly(restoreCoupon());

            assertThat(sent(on(turn, couponUsed()))).isEmpty();
            assertThat(sent(on(turn, couponVoided()))).containsExactly(restoreStock(TEA));
            assertThat(sent(on(turn, couponRefused(CouponEvent.RefusedBecause.EXPIRED)))).containsExactly(restoreStock(TEA));
            turn = on(turn, couponUsed(), couponRestored());
            assertThat(sent(turn)).containsExactly(restoreStock(TEA));
            turn = on(turn, restored(TEA), refunded());
            assertThat(sent(turn)).containsExactly(failPayment(FailureReason.NOT_ANSWERED));
        }
    }

    @Nested
    class Parks {

        @ParameterizedTest
        @EnumSource(value = Step.class, names = {"RESTORE_COUPON", "RESTORE_STOCK", "REFUND_PAYMENT", "FAIL_PAYMENT"})
        void a_step_back_that_stays_unanswered_is_parked_and_sent_again_when_retried(Step step) {
            Turn turn = waitingFor(step);
            List<Object> asked = sent(turn);

            turn = unanswered(turn);
            assertThat(turn.checkout().state()).isEqualTo(State.PARKED);
            assertThat(turn.told()).containsExactly(parked(step));
            assertThat(turn.timer()).isNull();
            assertThat(turn.stopsTimer()).isTrue();
            assertThat(sent(turn)).isEmpty();

            int round = turn.checkout().round();
            assertSaysNothing(turn, lastElapsed(round));
            assertSaysNothing(turn, retry(round - 1));
            turn = on(turn, retry(round));
            assertThat(sent(turn)).isEqualTo(asked);
            assertThat(turn.asks()).allMatch(ask -> ask.attempt() == 1);
            assertThat(turn.checkout().state()).isEqualTo(State.COMPENSATING);
            assertThat(turn.timer()).isEqualTo(new Timer(Duration.ofSeconds(2), elapsed(round + 1)));
            assertSaysNothing(turn, retry(round));

            turn = unanswered(turn);
            assertThat(turn.checkout().state()).isEqualTo(State.PARKED);
            assertSaysNothing(turn, retry(round));
        }

        @Test
        void an_answer_after_all_lets_a_parked_checkout_go_on() {
            Turn turn = on(unanswered(waitingFor(Step.REFUND_PAYMENT)), refunded());
            assertThat(sent(turn)).containsExactly(failPayment(FailureReason.NOT_ANSWERED));
            assertThat(turn.checkout().state()).isEqualTo(State.COMPENSATING);
            assertThat(turn.timer()).isNotNull();
        }

        @Test
        void it_stays_parked_until_all_lines_are_answered_and_only_the_unanswered_are_sent_again() {
            Turn turn = on(unanswered(given(threeLines(), taken(), outOfStock(CUP))), restored(TEA));
            assertThat(turn.checkout().state()).isEqualTo(State.PARKED);
            assertThat(sent(on(turn, retry(turn.checkout().round())))).containsExactly(restoreStock(POT));
        }

        private Turn waitingFor(Step step) {
            Turn turn = unanswered(given(oneLineAndCoupon(), taken(), deducted(TEA)));
            List<Object> answers = List.of(couponRestored(), restored(TEA), refunded());
            for (Object answer : answers.subList(0, step.compareTo(Step.RESTORE_COUPON))) {
                turn = on(turn, answer);
            }
            assertThat(turn.checkout().step()).isEqualTo(step);
            return turn;
        }
    }

    @Nested
    class When_operators_step_in {

        @Test
        void a_running_step_is_sent_again_at_once_and_its_timer_begins_anew() {
            Turn turn = on(given(oneLine(), taken()), retry(1));
            assertThat(sent(turn)).containsExactly(deductStock(TEA));
            assertThat(turn.checkout().state()).isEqualTo(State.RUNNING);
            assertThat(turn.timer()).isNotNull();
            assertSaysNothing(turn, elapsed(1));
        }

        @Test
        void a_compensation_is_sent_again_at_once() {
            Turn turn = given(oneLine(), taken(), outOfStock(TEA));
            assertThat(sent(on(turn, retry(turn.checkout().round())))).containsExactly(refundPayment());
        }

        @Test
        void of_several_lines_only_the_unanswered_are_sent_again() {
            assertThat(sent(on(given(threeLines(), taken(), deducted(CUP)), retry(1)))).containsExactly(deductStock(TEA), deductStock(POT));
        }

        @Test
        void a_wish_that_comes_twice_or_too_late_does_nothing() {
            assertSaysNothing(on(given(oneLine(), taken()), retry(1)), retry(1));
            assertSaysNothing(on(given(oneLine(), taken()), callOff()), callOff());
            assertSaysNothing(on(given(oneLine(), taken()), park(1)), park(1));
            assertSaysNothing(on(given(oneLine(), taken()), park(1), retry(1)), park(1));
            Turn completed = given(oneLine(), taken(), deducted(TEA), completed(oneLine()));
            List.of(retry(1), callOff(), park(1)).forEach(wish -> assertSaysNothing(completed, wish));
        }

        @Test
        void one_that_is_called_off_undoes_what_may_have_been_done_and_its_order_can_be_paid_again() {
            Turn turn = on(given(oneLineAndCoupon(), taken()), callOff());
            assertThat(turn.told()).containsExactly(compensationStarted(FailureReason.CALLED_OFF));
            assertThat(sent(turn)).containsExactly(restoreStock(TEA));
            turn = on(turn, deductionVoided(TEA), refunded());
            assertThat(sent(turn)).containsExactly(failPayment(FailureReason.CALLED_OFF));
            assertThat(FailureReason.CALLED_OFF.isMendable()).isTrue();
            assertThat(on(turn, failed(FailureReason.CALLED_OFF)).checkout().state()).isEqualTo(State.FAILED);
        }

        @Test
        void one_whose_order_is_being_completed_or_that_is_undone_cannot_be_called_off() {
            assertSaysNothing(given(oneLine(), taken(), deducted(TEA)), callOff());
            assertSaysNothing(unanswered(given(oneLine(), taken(), deducted(TEA))), callOff());
            assertSaysNothing(given(oneLine(), taken(), outOfStock(TEA)), callOff());
        }

        @Test
        void one_that_is_held_sends_nothing_whatever_is_answered_and_whatever_time_passes() {
            Turn turn = on(given(oneLineAndCoupon(), taken()), park(1));
            assertThat(turn.checkout().state()).isEqualTo(State.HELD);
            assertThat(turn.told()).containsExactly(held(Step.DEDUCT_STOCK, 1));
            assertThat(turn.stopsTimer()).isTrue();
            assertSaysNothing(turn, elapsed(1));

            turn = on(turn, deducted(TEA));
            assertThat(turn.checkout().state()).isEqualTo(State.HELD);
            assertThat(turn.asks()).isEmpty();
            assertThat(turn.timer()).isNull();
            turn = on(turn, retry(1));
            assertThat(sent(turn)).as("it goes on from what was answered").containsExactly(useCoupon(oneLineAndCoupon()));
            assertThat(turn.checkout().state()).isEqualTo(State.RUNNING);
            assertThat(turn.timer()).isNotNull();
        }

        @Test
        void one_that_is_held_sends_its_step_again_if_nothing_was_answered() {
            assertThat(sent(on(given(oneLine()), park(1), retry(1)))).containsExactly(takePayment(oneLine()));
        }

        @Test
        void one_that_is_refused_while_it_is_held_turns_back_when_it_goes_on() {
            Turn turn = on(given(oneLine(), taken()), park(1), outOfStock(TEA));
            assertThat(turn.asks()).isEmpty();
            assertThat(turn.told()).isEmpty();
            assertSaysNothing(turn, callOff());

            turn = on(turn, retry(1));
            assertThat(turn.told()).containsExactly(compensationStarted(FailureReason.OUT_OF_STOCK));
            assertThat(sent(turn)).containsExactly(refundPayment());
            assertThat(turn.checkout().state()).isEqualTo(State.COMPENSATING);
        }

        @Test
        void one_that_is_declined_while_it_is_held_fails_when_it_goes_on() {
            Turn turn = on(given(oneLine()), park(1), declined(DeclineReason.INSUFFICIENT_BALANCE), retry(1));
            assertThat(turn.told()).isEmpty();
            assertThat(sent(turn)).containsExactly(failPayment(FailureReason.INSUFFICIENT_BALANCE));
        }

        @Test
        void one_that_is_held_can_be_called_off() {
            Turn turn = on(given(oneLine(), taken()), park(1), deducted(TEA), callOff());
            assertThat(sent(turn)).containsExactly(restoreStock(TEA));
            assertThat(turn.checkout().state()).isEqualTo(State.COMPENSATING);
            assertThat(turn.timer()).isNotNull();
        }

        @Test
        void a_compensation_can_be_held_and_goes_on() {
            Turn turn = given(oneLineAndCoupon(), taken(), outOfStock(TEA));
            int round = turn.checkout().round();
            turn = on(turn, park(round), refunded());
            assertThat(turn.checkout().state()).isEqualTo(State.HELD);
            assertThat(sent(on(turn, retry(round)))).containsExactly(failPayment(FailureReason.OUT_OF_STOCK));
        }

        @Test
        void an_order_that_completes_while_its_checkout_is_held_is_complete() {
            assertThat(on(given(oneLine(), taken(), deducted(TEA)), park(1), completed(oneLine())).checkout().state())
                    .isEqualTo(State.COMPLETED);
        }

        @Test
        void one_whose_timer_runs_down_while_the_operator_makes_up_his_mind_is_held() {
            Turn turn = on(given(oneLine(), taken()), elapsed(1), park(1));
            assertThat(turn.checkout().state()).isEqualTo(State.HELD);
            assertThat(turn.told()).containsExactly(held(Step.DEDUCT_STOCK, 2));
        }

        @Test
        void a_wish_to_park_it_that_comes_again_after_it_was_let_go_on_does_nothing() {
            Turn held = on(given(oneLine(), taken()), elapsed(1), park(1));
            assertSaysNothing(on(held, retry(2)), park(1));
            assertSaysNothing(on(held, callOff()), park(1));
            assertSaysNothing(on(held, retry(2)), park(2));
            Turn parked = unanswered(given(oneLine(), taken(), deducted(TEA)));
            assertSaysNothing(on(parked, retry(parked.checkout().round())), park(parked.checkout().round()));
        }

        @Test
        void what_parked_by_itself_is_not_held() {
            Turn parked = unanswered(given(oneLine(), taken(), deducted(TEA)));
            assertSaysNothing(parked, park(parked.checkout().round()));
        }

        @Test
        void the_steps_still_to_come_are_known() {
            assertThat(given(oneLineAndCoupon()).checkout().ahead())
                    .containsExactly(Step.DEDUCT_STOCK, Step.USE_COUPON, Step.COMPLETE_ORDER);
            assertThat(given(oneLine(), taken()).checkout().ahead()).containsExactly(Step.COMPLETE_ORDER);
            assertThat(given(oneLineAndCoupon(), taken(), deducted(TEA), couponRefused(CouponEvent.RefusedBecause.EXPIRED)).checkout().ahead())
                    .containsExactly(Step.REFUND_PAYMENT, Step.FAIL_PAYMENT);
            assertThat(given(oneLine(), taken(), deducted(TEA), completed(oneLine())).checkout().ahead()).isEmpty();
        }
    }

    private static Turn start(PaymentRequested request) {
        return Checkout.start(request, REQUESTED_AT, NOW, PACE);
    }

    private static Turn given(PaymentRequested request, Object... events) {
        return on(start(request), events);
    }

    private static Turn on(Turn turn, Object... events) {
        for (Object event : events) {
            turn = turn.checkout().on(event, NOW, PACE);
        }
        return turn;
    }

    /** Its timers run down, one after the other, until it does something else than to send its step again. */
    private static Turn unanswered(Turn turn) {
        Step step = turn.checkout().step();
        Timer timer = turn.timer() == null ? new Timer(Duration.ZERO, elapsed(turn.checkout().round())) : turn.timer();
        do {
            turn = on(turn, timer.elapsed());
            timer = turn.timer();
        } while (timer != null && turn.checkout().step() == step);
        return turn;
    }

    private static void assertSaysNothing(Turn turn, Object event) {
        Turn next = on(turn, event);
        assertThat(next.checkout()).isEqualTo(turn.checkout());
        assertThat(next.asks()).isEmpty();
        assertThat(next.told()).isEmpty();
        assertThat(next.timer()).isNull();
        assertThat(next.answered()).isNull();
    }

    private static List<Object> sent(Turn turn) {
        return turn.asks().stream().map(Ask::command).toList();
    }
}
