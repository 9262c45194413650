package jangter.payment;

import static java.util.stream.Collectors.toUnmodifiableSet;

import jangter.kernel.ChargeId;
import jangter.kernel.CustomerId;
import jangter.kernel.Money;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.PaymentMemory;
import jangter.kernel.RecentKeys;
import jangter.kernel.Refused;
import jangter.kernel.WalletId;
import jangter.payment.api.PaymentCommand.ChargeWallet;
import jangter.payment.api.PaymentCommand.RefundPayment;
import jangter.payment.api.PaymentCommand.SettlePayments;
import jangter.payment.api.PaymentCommand.TakePayment;
import jangter.payment.api.PaymentEvent;
import jangter.payment.api.PaymentEvent.DeclineReason;
import jangter.payment.api.PaymentEvent.PaymentDeclined;
import jangter.payment.api.PaymentEvent.PaymentRefunded;
import jangter.payment.api.PaymentEvent.PaymentTaken;
import jangter.payment.api.PaymentEvent.PaymentVoided;
import jangter.payment.api.PaymentEvent.PaymentsSettled;
import jangter.payment.api.PaymentEvent.WalletCharged;
import jangter.payment.api.PaymentRefusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.ResultValidator;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class WalletTest {

    private static final WalletId WALLET = WalletId.of(new CustomerId("alice"));
    private static final ChargeId CHARGE = new ChargeId("charge-1");
    private static final PaymentId PAYMENT = new PaymentId("payment-1");
    private static final OrderId ORDER = new OrderId("order-1");
    private static final Instant REQUESTED = Instant.parse("2026-11-22T09:00:00Z");

    private static final Money NOTHING = won(0);

    private static final PaymentEvent CHARGED_10_000 = new WalletCharged(WALLET, CHARGE, won(10_000), won(10_000));
    private static final PaymentEvent TAKEN_3_000 = new PaymentTaken(WALLET, PAYMENT, ORDER, won(3_000), won(7_000), REQUESTED);
    private static final PaymentEvent REFUNDED_3_000 = new PaymentRefunded(WALLET, PAYMENT, ORDER, won(3_000), won(10_000), REQUESTED);
    private static final PaymentEvent VOIDED = new PaymentVoided(WALLET, PAYMENT, ORDER, REQUESTED);

    private static Money won(long amount) {
        return Money.of(amount, "KRW");
    }

    private static Money cents(long amount) {
        return Money.of(amount, "USD");
    }

    private static TestExecutor<Wallet> given(PaymentEvent... events) {
        return given(List.of(events));
    }

    private static TestExecutor<Wallet> given(List<PaymentEvent> events) {
        return new AggregateTestFixture<>(Wallet.class).given(events);
    }

    private static ChargeWallet charge(Money amount) {
        return new ChargeWallet(WALLET, CHARGE, amount);
    }

    private static TakePayment take(Money amount) {
        return new TakePayment(WALLET, PAYMENT, ORDER, amount, REQUESTED);
    }

    private static RefundPayment refund() {
        return new RefundPayment(WALLET, PAYMENT, ORDER, REQUESTED);
    }

    private static PaymentDeclined declined(Money amount, DeclineReason reason) {
        return new PaymentDeclined(WALLET, PAYMENT, ORDER, amount, reason, REQUESTED);
    }

    private static void quiet(ResultValidator<Wallet> result) {
        result.expectSuccessfulHandlerExecution().expectNoEvents();
    }

    private static void refused(ResultValidator<Wallet> result, PaymentRefusal code) {
        result.expectException(Refused.with(code)).expectNoEvents();
    }

    @Nested
    class Charging {

        @Test
        void the_first_charge_opens_the_wallet() {
            given().when(charge(won(10_000))).expectEvents(CHARGED_10_000);
        }

        @Test
        void a_charge_adds_to_the_balance() {
            ChargeId second = new ChargeId("charge-2");
            given(CHARGED_10_000).when(new ChargeWallet(WALLET, second, won(500)))
                    .expectEvents(new WalletCharged(WALLET, second, won(500), won(10_500)));
        }

        @Test
        void a_wallet_that_only_declined_so_far_can_be_charged() {
            given(declined(won(3_000), DeclineReason.INSUFFICIENT_BALANCE)).when(charge(won(10_000))).expectEvents(CHARGED_10_000);
        }

        @Test
        void the_same_charge_twice_counts_once() {
            quiet(given(CHARGED_10_000).when(charge(won(10_000))));
        }

        @Test
        void a_charge_is_still_known_after_ninety_nine_others() {
            quiet(given(charges(RecentKeys.MOST)).when(charge(won(1))));
        }

        @Test
        void another_currency_is_refused() {
            refused(given(CHARGED_10_000).when(new ChargeWallet(WALLET, new ChargeId("charge-2"), cents(500))),
                    PaymentRefusal.OTHER_CURRENCY);
        }

        @Test
        void a_wallet_holds_as_much_as_a_sum_of_money_can() {
            ChargeId second = new ChargeId("charge-2");
            given(CHARGED_10_000).when(new ChargeWallet(WALLET, second, won(Money.MOST - 10_000)))
                    .expectEvents(new WalletCharged(WALLET, second, won(Money.MOST - 10_000), won(Money.MOST)));
        }

        @Test
        void a_wallet_that_would_hold_more_is_full() {
            refused(given(CHARGED_10_000).when(new ChargeWallet(WALLET, new ChargeId("charge-2"), won(Money.MOST - 9_999))),
                    PaymentRefusal.WALLET_FULL);
        }

        @Test
        void room_is_left_for_what_may_be_refunded() {
            refused(given(CHARGED_10_000, TAKEN_3_000).when(new ChargeWallet(WALLET, new ChargeId("charge-2"), won(Money.MOST - 9_999))),
                    PaymentRefusal.WALLET_FULL);
        }

        @Test
        void no_room_is_left_for_what_was_refunded_already() {
            ChargeId second = new ChargeId("charge-2");
            given(CHARGED_10_000, TAKEN_3_000, REFUNDED_3_000).when(new ChargeWallet(WALLET, second, won(Money.MOST - 10_000)))
                    .expectEvents(new WalletCharged(WALLET, second, won(Money.MOST - 10_000), won(Money.MOST)));
        }

        @Test
        void no_room_is_left_for_what_is_settled() {
            ChargeId second = new ChargeId("charge-2");
            given(CHARGED_10_000, TAKEN_3_000, new PaymentsSettled(WALLET, Set.of(PAYMENT)))
                    .when(new ChargeWallet(WALLET, second, won(Money.MOST - 7_000)))
                    .expectEvents(new WalletCharged(WALLET, second, won(Money.MOST - 7_000), won(Money.MOST)));
        }

        private List<PaymentEvent> charges(int count) {
            return IntStream.rangeClosed(1, count)
                    .<PaymentEvent>mapToObj(n -> new WalletCharged(WALLET, new ChargeId("charge-" + n), won(1), won(n)))
                    .toList();
        }
    }

    @Nested
    class Paying {

        @Test
        void an_order_is_paid_from_the_balance() {
            given(CHARGED_10_000).when(take(won(3_000))).expectEvents(TAKEN_3_000);
        }

        @Test
        void the_whole_balance_can_be_spent() {
            given(CHARGED_10_000).when(take(won(10_000)))
                    .expectEvents(new PaymentTaken(WALLET, PAYMENT, ORDER, won(10_000), NOTHING, REQUESTED));
        }

        @Test
        void more_than_the_balance_is_declined() {
            given(CHARGED_10_000).when(take(won(10_001))).expectEvents(declined(won(10_001), DeclineReason.INSUFFICIENT_BALANCE));
        }

        @Test
        void a_customer_who_never_charged_is_declined() {
            given().when(take(won(1))).expectEvents(declined(won(1), DeclineReason.INSUFFICIENT_BALANCE));
        }

        @Test
        void a_customer_who_never_charged_can_pay_what_costs_nothing() {
            given().when(take(NOTHING)).expectEvents(new PaymentTaken(WALLET, PAYMENT, ORDER, NOTHING, NOTHING, REQUESTED));
        }

        @Test
        void an_empty_wallet_can_pay_what_costs_nothing() {
            given(new WalletCharged(WALLET, CHARGE, won(5), won(5)),
                    new PaymentTaken(WALLET, new PaymentId("payment-0"), ORDER, won(5), NOTHING, REQUESTED))
                    .when(take(NOTHING)).expectEvents(new PaymentTaken(WALLET, PAYMENT, ORDER, NOTHING, NOTHING, REQUESTED));
        }

        @Test
        void another_currency_is_declined() {
            given(CHARGED_10_000).when(take(cents(1))).expectEvents(declined(cents(1), DeclineReason.OTHER_CURRENCY));
        }

        @Test
        void another_currency_is_declined_even_for_nothing() {
            given(CHARGED_10_000).when(take(cents(0))).expectEvents(declined(cents(0), DeclineReason.OTHER_CURRENCY));
        }

        @Test
        void the_same_payment_twice_is_taken_once() {
            quiet(given(CHARGED_10_000, TAKEN_3_000).when(take(won(3_000))));
        }

        @Test
        void a_declined_payment_is_answered_once_even_when_there_is_money_by_now() {
            quiet(given(declined(won(3_000), DeclineReason.INSUFFICIENT_BALANCE), CHARGED_10_000).when(take(won(3_000))));
        }

        @Test
        void a_refunded_payment_is_not_taken_again() {
            quiet(given(CHARGED_10_000, TAKEN_3_000, REFUNDED_3_000).when(take(won(3_000))));
        }

        @Test
        void a_settled_payment_is_not_taken_again() {
            quiet(given(CHARGED_10_000, TAKEN_3_000, new PaymentsSettled(WALLET, Set.of(PAYMENT))).when(take(won(3_000))));
        }

        @Test
        void a_payment_that_arrives_after_its_refund_is_declined() {
            given(CHARGED_10_000, VOIDED).when(take(won(3_000))).expectEvents(declined(won(3_000), DeclineReason.VOIDED));
        }

        @Test
        void a_payment_that_arrives_after_its_refund_is_answered_once() {
            quiet(given(CHARGED_10_000, VOIDED, declined(won(3_000), DeclineReason.VOIDED)).when(take(won(3_000))));
        }

        @Test
        void a_payment_so_old_that_its_like_is_forgotten_is_declined() {
            given(Stream.concat(Stream.of(CHARGED_10_000), refusals(PaymentMemory.MOST + 1)).toList()).when(take(won(1)))
                    .expectEvents(declined(won(1), DeclineReason.TOO_LATE));
        }

        @Test
        void a_payment_younger_than_the_forgotten_ones_is_taken() {
            Instant later = REQUESTED.plusSeconds(1);
            given(Stream.concat(Stream.of(CHARGED_10_000), refusals(PaymentMemory.MOST + 1)).toList())
                    .when(new TakePayment(WALLET, PAYMENT, ORDER, won(1), later))
                    .expectEvents(new PaymentTaken(WALLET, PAYMENT, ORDER, won(1), won(9_999), later));
        }

        private Stream<PaymentEvent> refusals(int count) {
            return IntStream.range(0, count).mapToObj(n -> new PaymentDeclined(WALLET, new PaymentId("payment-old-" + n), ORDER,
                    won(20_000), DeclineReason.INSUFFICIENT_BALANCE, REQUESTED));
        }
    }

    @Nested
    class Refunding {

        @Test
        void a_payment_is_given_back() {
            given(CHARGED_10_000, TAKEN_3_000).when(refund()).expectEvents(REFUNDED_3_000);
        }

        @Test
        void a_payment_of_nothing_is_given_back_to_a_customer_who_never_charged() {
            given(new PaymentTaken(WALLET, PAYMENT, ORDER, NOTHING, NOTHING, REQUESTED)).when(refund())
                    .expectEvents(new PaymentRefunded(WALLET, PAYMENT, ORDER, NOTHING, NOTHING, REQUESTED));
        }

        @Test
        void what_was_taken_from_a_full_wallet_fits_back_in() {
            given(new WalletCharged(WALLET, CHARGE, won(Money.MOST), won(Money.MOST)),
                    new PaymentTaken(WALLET, PAYMENT, ORDER, won(1), won(Money.MOST - 1), REQUESTED)).when(refund())
                    .expectEvents(new PaymentRefunded(WALLET, PAYMENT, ORDER, won(1), won(Money.MOST), REQUESTED));
        }

        @Test
        void the_same_refund_twice_is_given_once() {
            quiet(given(CHARGED_10_000, TAKEN_3_000, REFUNDED_3_000).when(refund()));
        }

        @Test
        void a_refund_that_arrives_before_its_payment_voids_it() {
            given(CHARGED_10_000).when(refund()).expectEvents(VOIDED);
        }

        @Test
        void a_refund_that_arrives_before_the_wallet_voids_its_payment() {
            given().when(refund()).expectEvents(VOIDED);
        }

        @Test
        void a_payment_is_voided_once() {
            quiet(given(VOIDED).when(refund()));
        }

        @Test
        void a_declined_payment_has_nothing_to_give_back() {
            quiet(given(declined(won(3_000), DeclineReason.INSUFFICIENT_BALANCE)).when(refund()));
        }

        @Test
        void a_settled_payment_is_not_given_back() {
            quiet(given(CHARGED_10_000, TAKEN_3_000, new PaymentsSettled(WALLET, Set.of(PAYMENT))).when(refund()));
        }
    }

    @Nested
    class Settling {

        @Test
        void payments_of_completed_orders_become_final() {
            PaymentId second = new PaymentId("payment-2");
            given(CHARGED_10_000, TAKEN_3_000, new PaymentTaken(WALLET, second, ORDER, won(7_000), NOTHING, REQUESTED))
                    .when(new SettlePayments(WALLET, Set.of(PAYMENT, second)))
                    .expectEvents(new PaymentsSettled(WALLET, Set.of(PAYMENT, second)));
        }

        @Test
        void what_is_final_already_does_not_keep_others_from_becoming_so() {
            PaymentId second = new PaymentId("payment-2");
            given(CHARGED_10_000, TAKEN_3_000, new PaymentsSettled(WALLET, Set.of(PAYMENT)),
                    new PaymentTaken(WALLET, second, ORDER, won(7_000), NOTHING, REQUESTED))
                    .when(new SettlePayments(WALLET, Set.of(PAYMENT, second)))
                    .expectEvents(new PaymentsSettled(WALLET, Set.of(PAYMENT, second)));
        }

        @Test
        void the_same_settlement_twice_happens_once() {
            quiet(given(CHARGED_10_000, TAKEN_3_000, new PaymentsSettled(WALLET, Set.of(PAYMENT)))
                    .when(new SettlePayments(WALLET, Set.of(PAYMENT))));
        }

        @Test
        void what_was_never_taken_cannot_become_final() {
            quiet(given(CHARGED_10_000, VOIDED).when(new SettlePayments(WALLET, Set.of(PAYMENT))));
        }

        @Test
        void there_is_nothing_to_settle_where_nothing_ever_happened() {
            given().when(new SettlePayments(WALLET, Set.of(PAYMENT))).expectException(AggregateNotFoundException.class).expectNoEvents();
        }

        @Test
        void open_payments_are_never_forgotten_however_many_there_are() {
            List<PaymentEvent> past = new ArrayList<>(List.of(new WalletCharged(WALLET, CHARGE, won(10_000), won(10_000))));
            IntStream.range(0, PaymentMemory.MOST + 500).forEach(n -> past.add(new PaymentTaken(WALLET, new PaymentId("payment-" + n),
                    ORDER, won(1), won(9_999 - n), REQUESTED)));
            given(past).when(new RefundPayment(WALLET, new PaymentId("payment-0"), ORDER, REQUESTED))
                    .expectEvents(new PaymentRefunded(WALLET, new PaymentId("payment-0"), ORDER, won(1), won(7_501), REQUESTED));
        }

        @Test
        void payments_settled_long_ago_are_too_late_rather_than_taken_again() {
            Set<PaymentId> payments = IntStream.rangeClosed(0, PaymentMemory.MOST).mapToObj(n -> new PaymentId("payment-" + n))
                    .collect(toUnmodifiableSet());
            List<PaymentEvent> past = new ArrayList<>(List.of(CHARGED_10_000));
            payments.forEach(payment -> past.add(new PaymentTaken(WALLET, payment, ORDER, NOTHING, won(10_000), REQUESTED)));
            past.add(new PaymentsSettled(WALLET, payments));
            PaymentId stray = new PaymentId("payment-stray");
            given(past).when(new TakePayment(WALLET, stray, ORDER, won(1), REQUESTED))
                    .expectEvents(new PaymentDeclined(WALLET, stray, ORDER, won(1), DeclineReason.TOO_LATE, REQUESTED));
        }
    }
}
