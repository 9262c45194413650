package jangter.checkout;

import static jangter.checkout.Sample.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jangter.checkout.api.CheckoutEvent.TimerElapsed;
import jangter.checkout.api.Step;
import jangter.coupon.api.CouponEvent;
import jangter.inventory.api.InventoryEvent;
import jangter.kernel.PaymentId;
import jangter.order.api.FailureReason;
import jangter.order.api.OrderCommand.FailPayment;
import jangter.payment.api.PaymentEvent.DeclineReason;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.gateway.DefaultEventGateway;
import org.axonframework.test.saga.ContinuedGivenState;
import org.axonframework.test.saga.SagaTestFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The saga does what the {@link Checkout} decides; {@link CheckoutTest} holds the decisions. */
class CheckoutSagaTest {

    private static final Duration FIRST = Duration.ofSeconds(2);
    private static final Duration SECOND = Duration.ofSeconds(4);
    /** All sendings forward, and their waits: 2, 4 and 5 seconds. */
    private static final Duration FORWARD = Duration.ofSeconds(11);
    /** All sendings that end in parking, and their waits: 2, 4, 5 and 5 seconds. */
    private static final Duration TO_PARKING = Duration.ofSeconds(16);

    private final SagaTestFixture<CheckoutSaga> fixture = new SagaTestFixture<>(CheckoutSaga.class);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @BeforeEach
    void setUp() {
        fixture.registerResource(new Errands(DefaultCommandGateway.builder().commandBus(fixture.getCommandBus()).build(),
                DefaultEventGateway.builder().eventBus(fixture.getEventBus()).build(), meters, PACE));
        GenericEventMessage.clock = Clock.fixed(REQUESTED_AT, ZoneOffset.UTC);
    }

    @AfterEach
    void setTheClockRight() {
        GenericEventMessage.clock = Clock.systemUTC();
    }

    @Nested
    class Payment {

        @Test
        void asked_for_when_the_customer_wants_to_pay() {
            fixture.givenCurrentTime(REQUESTED_AT).whenPublishingA(oneLine())
                    .expectActiveSagas(1).expectAssociationWith("paymentId", PAYMENT)
                    .expectDispatchedCommands(takePayment(oneLine())).expectScheduledEvent(FIRST, elapsed(1));
        }

        @Test
        void answered_goes_on_to_the_stock() {
            given().whenPublishingA(taken()).expectDispatchedCommands(deductStock(TEA)).expectScheduledEvent(FIRST, elapsed(1));
        }

        @Test
        void refused_fails_the_payment() {
            given().whenPublishingA(declined(DeclineReason.INSUFFICIENT_BALANCE))
                    .expectDispatchedCommands(failNow(FailureReason.INSUFFICIENT_BALANCE)).expectPublishedEvents();
        }

        @Test
        void requested_twice_is_asked_for_once() {
            given().whenPublishingA(oneLineAndCoupon()).expectNoDispatchedCommands().expectActiveSagas(1);
        }

        @Test
        void answered_twice_goes_on_once() {
            given(taken()).whenPublishingA(taken()).expectNoDispatchedCommands();
        }

        @Test
        void answered_late_is_asked_for_again() {
            given().whenTimeElapses(FIRST).expectDispatchedCommands(takePayment(oneLineAndCoupon()))
                    .expectPublishedEvents(sentAgain(Step.TAKE_PAYMENT, 2)).expectScheduledEvent(SECOND, elapsed(2));
        }

        @Test
        void answered_after_it_was_asked_for_again_goes_on() {
            given(FIRST).whenPublishingA(taken()).expectDispatchedCommands(deductStock(TEA));
        }

        @Test
        void never_answered_is_given_back() {
            given(FORWARD.minus(FIRST)).whenTimeElapses(FIRST).expectDispatchedCommands(refundPayment())
                    .expectPublishedEvents(compensationStarted(FailureReason.NOT_ANSWERED))
                    .expectScheduledEvent(FIRST, elapsed(4));
        }

        @Test
        void answered_after_it_is_to_be_given_back_changes_nothing() {
            given(FORWARD).whenPublishingA(taken()).expectNoDispatchedCommands();
        }

        @Test
        void given_back_or_void_fails() {
            given(FORWARD).whenPublishingA(refunded()).expectDispatchedCommands(failNow(FailureReason.NOT_ANSWERED));
        }

        @Test
        void void_fails() {
            given(FORWARD).whenPublishingA(paymentVoided())
                    .expectDispatchedCommands(failNow(FailureReason.NOT_ANSWERED));
        }

        @Test
        void whose_giving_back_is_not_answered_is_parked() {
            given(FORWARD, TO_PARKING.minus(FIRST)).whenTimeElapses(FIRST)
                    .expectNoDispatchedCommands().expectPublishedEvents(parked(Step.REFUND_PAYMENT))
                    .expectNoScheduledEvents().expectActiveSagas(1);
        }

        @Test
        void that_is_called_off_is_asked_back() {
            given().whenPublishingA(callOff()).expectDispatchedCommands(refundPayment()).expectActiveSagas(1);
        }

        @Test
        void that_is_parked_by_an_operator_waits_for_nothing() {
            given().whenPublishingA(park(1)).expectNoDispatchedCommands().expectPublishedEvents(held(Step.TAKE_PAYMENT, 1))
                    .expectNoScheduledEvents().expectActiveSagas(1);
        }

        @Test
        void that_is_held_goes_on_when_retried() {
            given(park(1)).whenPublishingA(retry(1)).expectDispatchedCommands(takePayment(oneLineAndCoupon()));
        }

        @Test
        void that_is_parked_is_asked_back_again_when_retried() {
            given(FORWARD, TO_PARKING).whenPublishingA(retry(7))
                    .expectDispatchedCommands(refundPayment()).expectScheduledEvent(FIRST, elapsed(8));
        }
    }

    @Nested
    class Stock {

        @Test
        void answered_goes_on_to_the_coupon() {
            given(taken()).whenPublishingA(deducted(TEA)).expectDispatchedCommands(useCoupon(oneLineAndCoupon()));
        }

        @Test
        void of_several_lines_is_asked_for_at_once_and_waited_for() {
            fixture.givenCurrentTime(REQUESTED_AT).andThenAPublished(threeLines()).whenPublishingA(taken())
                    .expectDispatchedCommands(deductStock(TEA), deductStock(CUP), deductStock(POT));
        }

        @Test
        void of_several_lines_goes_on_with_the_last() {
            fixture.givenCurrentTime(REQUESTED_AT).andThenAPublished(threeLines()).andThenAPublished(taken()).andThenAPublished(deducted(POT))
                    .andThenAPublished(deducted(TEA)).whenPublishingA(deducted(CUP)).expectDispatchedCommands(completeOrder());
        }

        @Test
        void refused_gives_the_payment_back() {
            given(taken()).whenPublishingA(outOfStock(TEA)).expectDispatchedCommands(refundPayment())
                    .expectPublishedEvents(compensationStarted(FailureReason.OUT_OF_STOCK));
        }

        @Test
        void refused_for_one_line_restores_the_others() {
            fixture.givenCurrentTime(REQUESTED_AT).andThenAPublished(threeLines()).andThenAPublished(taken()).andThenAPublished(deducted(POT))
                    .whenPublishingA(outOfStock(CUP)).expectDispatchedCommands(restoreStock(TEA), restoreStock(POT));
        }

        @Test
        void answered_twice_goes_on_once() {
            given(taken(), deducted(TEA)).whenPublishingA(deducted(TEA)).expectNoDispatchedCommands();
        }

        @Test
        void answered_late_is_asked_for_again_once_it_had_its_time() {
            given(taken(), FIRST).whenTimeElapses(FIRST).expectDispatchedCommands(deductStock(TEA))
                    .expectPublishedEvents(sentAgain(Step.DEDUCT_STOCK, 2));
        }

        @Test
        void never_answered_is_restored() {
            given(taken(), FORWARD).whenTimeElapses(FIRST).expectDispatchedCommands(restoreStock(TEA))
                    .expectPublishedEvents(compensationStarted(FailureReason.NOT_ANSWERED));
        }

        @Test
        void restored_gives_the_payment_back() {
            given(taken(), FORWARD.plus(FIRST)).whenPublishingA(restored(TEA)).expectDispatchedCommands(refundPayment());
        }

        @Test
        void void_gives_the_payment_back() {
            given(taken(), FORWARD.plus(FIRST)).whenPublishingA(deductionVoided(TEA))
                    .expectDispatchedCommands(refundPayment());
        }

        @Test
        void refused_late_gives_the_payment_back() {
            given(taken(), FORWARD.plus(FIRST)).whenPublishingA(deductionRefused(TEA, InventoryEvent.RefusedBecause.VOIDED))
                    .expectDispatchedCommands(refundPayment());
        }

        @Test
        void whose_restoring_is_not_answered_is_parked() {
            given(taken(), FORWARD.plus(FIRST), TO_PARKING.minus(FIRST)).whenTimeElapses(FIRST)
                    .expectPublishedEvents(parked(Step.RESTORE_STOCK)).expectNoScheduledEvents();
        }
    }

    @Nested
    class Coupon {

        @Test
        void answered_completes_the_order() {
            given(taken(), deducted(TEA)).whenPublishingA(couponUsed()).expectDispatchedCommands(completeOrder());
        }

        @Test
        void refused_restores_the_stock() {
            given(taken(), deducted(TEA)).whenPublishingA(couponRefused(CouponEvent.RefusedBecause.EXPIRED))
                    .expectDispatchedCommands(restoreStock(TEA)).expectPublishedEvents(compensationStarted(FailureReason.COUPON_UNUSABLE));
        }

        @Test
        void answered_twice_goes_on_once() {
            given(taken(), deducted(TEA), couponUsed()).whenPublishingA(couponUsed()).expectNoDispatchedCommands();
        }

        @Test
        void answered_late_is_asked_for_again() {
            given(taken(), deducted(TEA), FIRST).whenTimeElapses(FIRST)
                    .expectDispatchedCommands(useCoupon(oneLineAndCoupon()))
                    .expectPublishedEvents(sentAgain(Step.USE_COUPON, 2));
        }

        @Test
        void never_answered_is_restored_before_all_else() {
            given(taken(), deducted(TEA), FORWARD).whenTimeElapses(FIRST).expectDispatchedCommands(restoreCoupon());
        }

        @Test
        void restored_restores_the_stock() {
            given(taken(), deducted(TEA), FORWARD.plus(FIRST)).whenPublishingA(couponRestored())
                    .expectDispatchedCommands(restoreStock(TEA));
        }

        @Test
        void void_restores_the_stock() {
            given(taken(), deducted(TEA), FORWARD.plus(FIRST)).whenPublishingA(couponVoided())
                    .expectDispatchedCommands(restoreStock(TEA));
        }

        @Test
        void whose_restoring_is_not_answered_is_parked_and_goes_on_when_answered_after_all() {
            given(taken(), deducted(TEA), FORWARD.plus(FIRST), TO_PARKING)
                    .whenPublishingA(couponRestored()).expectDispatchedCommands(restoreStock(TEA)).expectScheduledEvent(FIRST, elapsed(9));
        }
    }

    @Nested
    class The_end {

        @Test
        void is_the_order_completed() {
            given(taken(), deducted(TEA), couponUsed()).whenPublishingA(completed(oneLineAndCoupon()))
                    .expectActiveSagas(0).expectNoScheduledEvents().expectNoDispatchedCommands();
            assertCounted("completed", "none");
        }

        @Test
        void is_the_payment_failed() {
            given(taken(), outOfStock(TEA), refunded()).whenPublishingA(failed(FailureReason.OUT_OF_STOCK))
                    .expectActiveSagas(0).expectNoScheduledEvents().expectNoDispatchedCommands();
            assertCounted("failed", "out_of_stock");
        }

        @Test
        void needs_the_order_completed_so_it_is_asked_for_again() {
            given(taken(), deducted(TEA), couponUsed(), FIRST).whenTimeElapses(FIRST)
                    .expectDispatchedCommands(completeOrder()).expectPublishedEvents(sentAgain(Step.COMPLETE_ORDER, 2));
        }

        @Test
        void is_parked_if_the_order_is_never_completed_and_nothing_is_undone() {
            ContinuedGivenState parked = given(taken(), deducted(TEA), couponUsed(), FIRST, TO_PARKING);
            assertCounted("parked", "none");
            parked.whenPublishingA(retry(5)).expectDispatchedCommands(completeOrder());
        }

        @Test
        void needs_the_payment_failed_so_it_is_asked_for_again() {
            given(declined(DeclineReason.OTHER_CURRENCY), FIRST).whenTimeElapses(FIRST)
                    .expectDispatchedCommands(failNow(FailureReason.WALLET_UNUSABLE));
        }

        @Test
        void is_parked_if_the_payment_never_fails() {
            given(declined(DeclineReason.OTHER_CURRENCY), FIRST, TO_PARKING.minus(FIRST))
                    .whenTimeElapses(FIRST).expectPublishedEvents(parked(Step.FAIL_PAYMENT)).expectNoScheduledEvents();
        }

        @Test
        void leaves_nothing_that_a_late_event_could_wake() {
            given(taken(), deducted(TEA), couponUsed(), completed(oneLineAndCoupon())).whenPublishingA(elapsed(1))
                    .expectActiveSagas(0).expectNoDispatchedCommands();
        }

        private void assertCounted(String outcome, String reason) {
            assertThat(meters.get("jangter.checkout").tags("outcome", outcome, "reason", reason).timer().count()).isEqualTo(1);
            assertThat(meters.get("jangter.checkout").timer().max(TimeUnit.DAYS)).isLessThan(1);
        }
    }

    @Nested
    class Trouble {

        @Test
        void a_command_that_fails_is_sent_again_when_its_time_is_over() {
            fixture.setCallbackBehavior((command, metaData) -> {
                throw new CommandExecutionException("The wallet is out.", null);
            });
            given().whenTimeElapses(FIRST).expectDispatchedCommands(takePayment(oneLineAndCoupon())).expectSuccessfulHandlerExecution();
        }

        @Test
        void an_old_timer_says_nothing_and_leaves_the_running_one() {
            given(FIRST).whenPublishingA(elapsed(1)).expectNoDispatchedCommands().expectScheduledEvent(SECOND, elapsed(2));
        }

        @Test
        void a_clock_that_is_slow_here_makes_no_timer_early() {
            GenericEventMessage.clock = Clock.fixed(REQUESTED_AT.minusSeconds(60), ZoneOffset.UTC);
            given().whenTimeElapses(FIRST).expectScheduledEvent(REQUESTED_AT.plus(FIRST).plus(SECOND), elapsed(2));
        }

        @Test
        void an_event_that_is_handled_late_leaves_its_step_the_whole_time() {
            GenericEventMessage.clock = Clock.fixed(REQUESTED_AT.plusSeconds(60), ZoneOffset.UTC);
            given().whenPublishingA(oneLineAndCoupon()).expectScheduledEvent(REQUESTED_AT.plusSeconds(60).plus(FIRST), elapsed(1));
        }

        @Test
        void another_payments_answers_are_none_of_its_business() {
            given().whenPublishingA(new TimerElapsed(new PaymentId("payment-2"), ORDER, 1, true)).expectNoDispatchedCommands();
        }
    }

    /** A checkout to which that happened: events, and times that went by. */
    private ContinuedGivenState given(Object... happened) {
        ContinuedGivenState given = fixture.givenCurrentTime(REQUESTED_AT).andThenAPublished(oneLineAndCoupon());
        for (Object next : happened) {
            given = next instanceof Duration time ? after(time, given) : given.andThenAPublished(next);
        }
        return given;
    }

    private static FailPayment failNow(FailureReason reason) {
        return new FailPayment(ORDER, PAYMENT, reason, GenericEventMessage.clock.instant().plus(PACE.timeToPayAgain()));
    }

    private static ContinuedGivenState after(Duration time, ContinuedGivenState given) {
        try {
            return given.andThenTimeElapses(time);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
