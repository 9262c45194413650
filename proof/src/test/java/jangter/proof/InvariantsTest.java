package jangter.proof;

import static jangter.proof.Invariant.*;
import static jangter.proof.Story.*;
import static org.assertj.core.api.Assertions.assertThat;

import jangter.checkout.api.CheckoutEvent.CompensationStarted;
import jangter.checkout.api.Step;
import jangter.coupon.api.CouponEvent.CouponUseVoided;
import jangter.coupon.api.CouponEvent.CouponsClaimed.Claimed;
import jangter.inventory.api.InventoryEvent.StockDeductionVoided;
import jangter.kernel.CouponId;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.order.api.FailureReason;
import jangter.payment.api.PaymentEvent.PaymentVoided;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InvariantsTest {

    private static final CouponId ANOTHER_COUPON = new CouponId("coupon-2");
    private static final PaymentId ANOTHER_PAYMENT = new PaymentId("payment-2");
    private static final OrderId ANOTHER_ORDER = new OrderId("order-2");
    private static final Claimed ALICES = new Claimed(COUPON, ALICE);
    private static final Claimed BORAS = new Claimed(ANOTHER_COUPON, BORA);
    private static final List<Object> SHOP = List.of(charged(5_000, 5_000), registered(10), launched(2), claimed(ALICE, COUPON, 1),
            issued(ALICE, COUPON));
    private static final List<Object> DONE = List.of(placed(), requested(PAYMENT), taken(1_500, 3_500), deducted(2, 8), used());

    @Test
    void a_completed_order_is_in_order() {
        Report report = told(true, SHOP, DONE, List.of(completed(), paymentSettled(), deductionSettled()));

        assertThat(report.violations()).isEmpty();
        assertThat(report.holds()).isTrue();
        assertThat(report).extracting(Report::events, Report::placed, Report::requested, Report::completed, Report::failed)
                .containsExactly(13L, 1L, 1L, 1L, 0L);
    }

    @Test
    void a_failed_payment_that_gave_everything_back_is_in_order_and_the_order_can_be_paid_again() {
        Report report = told(true, SHOP, DONE, List.of(couponRestored(), restored(2, 10), refunded(1_500, 5_000), failed(), cancelled()));

        assertThat(report.violations()).isEmpty();
        assertThat(report.failed()).isEqualTo(1);
    }

    @Test
    void steps_that_were_undone_before_they_were_done_are_in_order() {
        Report report = told(true, SHOP, List.of(placed(), requested(PAYMENT), new CouponUseVoided(COUPON, PAYMENT, ORDER, AT),
                new StockDeductionVoided(TEA, PAYMENT, ORDER, AT), new PaymentVoided(WALLET, PAYMENT, ORDER, AT), failed()));

        assertThat(report.violations()).isEmpty();
    }

    @Test
    void more_stock_and_more_money_are_in_order() {
        assertThat(told(true, SHOP, List.of(added(5, 15), charged(100, 5_100))).violations()).isEmpty();
    }

    @Test
    void what_is_not_the_shops_is_passed_over() {
        assertThat(told(true, List.of("an event of nobody's")).events()).isEqualTo(1);
    }

    static Stream<Arguments> planted() {
        return Stream.of(
                planted(BALANCE_IS_THE_SUM, "a charge that adds nothing", SHOP, List.of(charged(100, 5_000))),
                planted(BALANCE_IS_THE_SUM, "a payment that costs another sum", SHOP, placed(), requested(PAYMENT), taken(1_500, 3_600)),
                planted(BALANCE_IS_THE_SUM, "a refund that is not added", SHOP, DONE, List.of(refunded(1_500, 3_500))),
                planted(BALANCE_IS_NEVER_NEGATIVE, "a payment from an empty wallet", List.of(placed(), requested(PAYMENT), taken(1_500, -1_500))),
                planted(BALANCE_IS_NEVER_NEGATIVE, "a payment from an empty wallet that is said to be just empty",
                        List.of(placed(), requested(PAYMENT), taken(1_500, 0))),
                planted(STOCK_IS_THE_SUM, "a delivery that is not added", SHOP, List.of(added(5, 10))),
                planted(STOCK_IS_THE_SUM, "a deduction that deducts nothing", SHOP, placed(), requested(PAYMENT), deducted(2, 10)),
                planted(STOCK_IS_THE_SUM, "a restoring that restores twice as many", SHOP, DONE, List.of(restored(2, 12))),
                planted(STOCK_IS_THE_SUM, "a product that is registered again", SHOP, List.of(registered(10))),
                planted(STOCK_IS_THE_SUM, "stock of a product that is not on sale", List.of(added(5, 5))),
                planted(STOCK_IS_NEVER_NEGATIVE, "more pieces deducted than there are",
                        List.of(registered(1), placed(), requested(PAYMENT), deducted(2, 0))),
                planted(CAMPAIGN_KEEPS_TO_ITS_QUANTITY, "one coupon too many",
                        List.of(launched(1), claimed(ALICE, COUPON, 0), claimed(BORA, ANOTHER_COUPON, 0))),
                planted(CAMPAIGN_KEEPS_TO_ITS_QUANTITY, "one coupon too many for those who come together", List.of(launched(1), claimedTogether(0, ALICES, BORAS))),
                planted(CAMPAIGN_KEEPS_TO_ITS_QUANTITY, "a wrong number of coupons left after those who come together",
                        List.of(launched(3), claimedTogether(2, ALICES, BORAS))),
                planted(ONE_COUPON_A_CUSTOMER, "two coupons for one customer among those who come together",
                        List.of(launched(3), claimedTogether(1, ALICES, new Claimed(ANOTHER_COUPON, ALICE)))),
                planted(ONE_COUPON_A_CUSTOMER, "another coupon, together with others, for who has one", SHOP,
                        List.of(claimedTogether(0, new Claimed(ANOTHER_COUPON, ALICE)))),
                planted(CLAIM_AND_COUPON_GO_TOGETHER, "one of those who come together without a coupon",
                        List.of(launched(2), claimedTogether(0, ALICES, BORAS), issued(ALICE, COUPON))),
                planted(CAMPAIGN_KEEPS_TO_ITS_QUANTITY, "a wrong number of coupons left", List.of(launched(2), claimed(ALICE, COUPON, 2))),
                planted(CAMPAIGN_KEEPS_TO_ITS_QUANTITY, "a coupon before the campaign", List.of(claimed(ALICE, COUPON, 2))),
                planted(ONE_COUPON_A_CUSTOMER, "two coupons for one customer", SHOP, List.of(claimed(ALICE, ANOTHER_COUPON, 0))),
                planted(CLAIM_AND_COUPON_GO_TOGETHER, "a claim without its coupon", List.of(launched(2), claimed(ALICE, COUPON, 1))),
                planted(CLAIM_AND_COUPON_GO_TOGETHER, "a coupon without its claim", List.of(launched(2), issued(ALICE, COUPON))),
                planted(CLAIM_AND_COUPON_GO_TOGETHER, "a coupon that is issued twice", SHOP, List.of(issued(ALICE, COUPON))),
                planted(COUPON_IS_USED_ONCE_AT_A_TIME, "two orders that use one coupon", SHOP, DONE,
                        List.of(used(ANOTHER_PAYMENT, ANOTHER_ORDER, ALICE))),
                planted(COUPON_IS_USED_ONCE_AT_A_TIME, "a coupon that another uses", SHOP, List.of(used(PAYMENT, ORDER, BORA))),
                planted(COUPON_IS_USED_ONCE_AT_A_TIME, "a coupon that nobody issued", List.of(used())),
                planted(COUPON_IS_USED_ONCE_AT_A_TIME, "a coupon given back by who does not use it", SHOP, List.of(couponRestored())),
                planted(ONE_CHECKOUT_AT_A_TIME, "two payments at once", SHOP, DONE, List.of(requested(ANOTHER_PAYMENT))),
                planted(ONE_CHECKOUT_AT_A_TIME, "a payment of a completed order", SHOP, DONE, List.of(completed(), requested(ANOTHER_PAYMENT))),
                planted(ONE_CHECKOUT_AT_A_TIME, "a payment of a cancelled order", SHOP, List.of(placed(), cancelled(), requested(PAYMENT))),
                planted(ONE_CHECKOUT_AT_A_TIME, "a cancelling while it is paid", SHOP, DONE, List.of(cancelled())),
                planted(ONE_CHECKOUT_AT_A_TIME, "a cancelling when it is completed", SHOP, DONE, List.of(completed(), cancelled())),
                planted(ONE_CHECKOUT_AT_A_TIME, "an order that is completed twice", SHOP, DONE, List.of(completed(), completed())),
                planted(STEP_IS_DONE_ONCE_AND_AS_ORDERED, "a payment that nobody asked for", SHOP, List.of(taken(1_500, 3_500))),
                planted(STEP_IS_DONE_ONCE_AND_AS_ORDERED, "a payment taken twice", SHOP, DONE, List.of(taken(1_500, 2_000))),
                planted(STEP_IS_DONE_ONCE_AND_AS_ORDERED, "another sum than is owed", SHOP, placed(), requested(PAYMENT), taken(1_600, 3_400)),
                planted(STEP_IS_DONE_ONCE_AND_AS_ORDERED, "a step after the payment failed", SHOP,
                        List.of(placed(), requested(PAYMENT), failed(), deducted(2, 8))),
                planted(STEP_IS_DONE_ONCE_AND_AS_ORDERED, "pieces deducted twice", SHOP, DONE, List.of(deducted(2, 6))),
                planted(STEP_IS_DONE_ONCE_AND_AS_ORDERED, "more pieces than were ordered", SHOP, placed(), requested(PAYMENT), deducted(3, 7)),
                planted(ONLY_WHAT_WAS_DONE_IS_UNDONE, "a refund of what was not taken", SHOP, placed(), requested(PAYMENT),
                        refunded(1_500, 6_500)),
                planted(ONLY_WHAT_WAS_DONE_IS_UNDONE, "another sum than was taken", SHOP, DONE, List.of(refunded(1_400, 4_900))),
                planted(ONLY_WHAT_WAS_DONE_IS_UNDONE, "a refund of a completed order", SHOP, DONE, List.of(completed(), refunded(1_500, 5_000))),
                planted(ONLY_WHAT_WAS_DONE_IS_UNDONE, "pieces restored twice", SHOP, DONE, List.of(restored(2, 10), restored(2, 12))),
                planted(ONLY_WHAT_WAS_DONE_IS_UNDONE, "a coupon that was not used", SHOP, placed(), requested(PAYMENT), couponRestored()),
                planted(ONLY_WHAT_IS_COMPLETED_IS_SETTLED, "a payment settled while it is open", SHOP, DONE, List.of(paymentSettled())),
                planted(ONLY_WHAT_IS_COMPLETED_IS_SETTLED, "a deduction settled while it is open", SHOP, DONE, List.of(deductionSettled())),
                planted(COMPLETED_IS_PAID, "an order completed without its payment", SHOP, placed(), requested(PAYMENT), deducted(2, 8), used(),
                        completed()),
                planted(COMPLETED_IS_PAID, "an order completed with its payment refunded", SHOP, DONE,
                        List.of(refunded(1_500, 5_000), completed())),
                planted(COMPLETED_IS_DEDUCTED, "an order completed without its pieces", SHOP, placed(), requested(PAYMENT), taken(1_500, 3_500),
                        used(), completed()),
                planted(COMPLETED_IS_DEDUCTED, "an order completed with its pieces restored", SHOP, DONE, List.of(restored(2, 10), completed())),
                planted(COMPLETED_HAS_USED_ITS_COUPON, "an order completed without its coupon", SHOP, placed(), requested(PAYMENT),
                        taken(1_500, 3_500), deducted(2, 8), completed()),
                planted(FAILED_KEEPS_NOTHING, "a failure that keeps the money", SHOP, DONE, List.of(couponRestored(), restored(2, 10), failed())),
                planted(FAILED_KEEPS_NOTHING, "a failure that keeps the pieces", SHOP, DONE,
                        List.of(couponRestored(), refunded(1_500, 5_000), failed())),
                planted(FAILED_KEEPS_NOTHING, "a failure that keeps the coupon", SHOP, DONE,
                        List.of(restored(2, 10), refunded(1_500, 5_000), failed())),
                planted(AT_REST_NOTHING_IS_UNFINISHED, "a checkout that nobody goes on with", SHOP, DONE));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("planted")
    void a_planted_violation_is_reported(Invariant invariant, String what, List<Object> events) {
        Report report = told(true, events);

        assertThat(report.holds()).isFalse();
        assertThat(report.violations()).anySatisfy(violation -> {
            assertThat(violation.invariant()).isEqualTo(invariant);
            assertThat(violation.concerns()).isNotBlank();
            assertThat(violation.what()).endsWith(".");
            assertThat(violation.event()).isBetween(0L, (long) events.size());
        });
    }

    @Test
    void every_invariant_has_been_seen_to_be_violated() {
        Set<Invariant> seen = EnumSet.noneOf(Invariant.class);
        planted().forEach(planted -> seen.add((Invariant) planted.get()[0]));

        assertThat(seen).containsExactlyInAnyOrder(Invariant.values());
    }

    @Test
    void a_wrong_sum_is_reported_once_and_not_with_all_that_follows() {
        Report report = told(true, SHOP, List.of(charged(100, 5_000), charged(100, 5_100), added(5, 10), added(1, 11)));

        assertThat(report.violations()).extracting(Violation::invariant).containsExactly(BALANCE_IS_THE_SUM, STOCK_IS_THE_SUM);
    }

    @Test
    void those_who_come_together_are_in_order_when_each_has_a_coupon() {
        assertThat(told(true, List.of(launched(2), claimedTogether(0, ALICES, BORAS), issued(ALICE, COUPON), issued(BORA, ANOTHER_COUPON))).violations())
                .isEmpty();
    }

    @Test
    void a_violation_says_where_it_is_and_what_it_is() {
        assertThat(told(true, SHOP, List.of(charged(100, 5_000))).violations()).first().hasToString(
                "BALANCE_IS_THE_SUM (wallet-alice, event 5): It is said to hold 5000 KRW, but its charges, payments and refunds come to 5100.");
    }

    @Test
    void what_is_half_done_is_no_violation_until_it_rests() {
        List<Object> claim = List.of(claimed(BORA, ANOTHER_COUPON, 0));

        assertThat(told(false, SHOP, DONE, claim).violations()).isEmpty();
        assertThat(told(false, SHOP, DONE, claim).unfinished()).containsExactly(new Report.Open(ORDER, PAYMENT, null));
        assertThat(told(true, SHOP, DONE, claim).violations()).extracting(Violation::invariant)
                .containsExactlyInAnyOrder(AT_REST_NOTHING_IS_UNFINISHED, CLAIM_AND_COUPON_GO_TOGETHER);
    }

    @Test
    void a_report_changes_nothing() {
        Invariants invariants = new Invariants();
        DONE.forEach(invariants::on);

        assertThat(invariants.report(true)).isEqualTo(invariants.report(true));
    }

    @Test
    void of_very_many_violations_the_first_are_told_and_all_are_counted() {
        Invariants invariants = new Invariants();
        for (int i = 0; i < 2 * Report.MOST_VIOLATIONS; i++) {
            invariants.on(completed());
        }

        assertThat(invariants.report(false).found()).isEqualTo(2 * Report.MOST_VIOLATIONS);
        assertThat(invariants.report(false).violations()).hasSize(Report.MOST_VIOLATIONS);
    }

    // --- parked

    @Test
    void a_parked_checkout_is_listed_and_no_violation() {
        Report report = told(true, SHOP, DONE, List.of(lastTimer(3), parked(Step.COMPLETE_ORDER)));

        assertThat(report.violations()).isEmpty();
        assertThat(report.parked()).containsExactly(new Report.Open(ORDER, PAYMENT, Step.COMPLETE_ORDER));
    }

    @Test
    void a_parked_checkout_that_was_retried_has_to_end_or_to_be_parked_again() {
        List<Object> retried = List.of(lastTimer(3), parked(Step.COMPLETE_ORDER), retry(3));

        assertThat(told(true, SHOP, DONE, retried).unfinished()).hasSize(1);
        assertThat(told(true, SHOP, DONE, retried, List.of(parked(Step.COMPLETE_ORDER))).unfinished()).as("told twice").hasSize(1);
        assertThat(told(true, SHOP, DONE, retried, List.of(lastTimer(5), parked(Step.COMPLETE_ORDER))).parked()).hasSize(1);
        assertThat(told(true, SHOP, DONE, retried, List.of(completed())).violations()).isEmpty();
    }

    @Test
    void a_checkout_that_an_operator_holds_is_listed_until_it_is_retried_or_turned_back() {
        List<Object> held = List.of(held(Step.USE_COUPON, 2));
        assertThat(told(true, SHOP, DONE, held).parked()).containsExactly(new Report.Open(ORDER, PAYMENT, Step.USE_COUPON));
        assertThat(told(true, SHOP, DONE, held, List.of(retry(2))).unfinished()).hasSize(1);
        assertThat(told(true, SHOP, DONE, held, List.of(retry(2)), held).unfinished()).as("told twice").hasSize(1);
        assertThat(told(true, SHOP, DONE, held, List.of(retry(1))).parked()).as("an old retry").hasSize(1);
        List<Object> turned = List.of(new CompensationStarted(PAYMENT, ORDER, FailureReason.CALLED_OFF));
        assertThat(told(true, SHOP, DONE, held, turned).unfinished()).hasSize(1);
        assertThat(told(true, SHOP, DONE, turned, held, turned).parked()).as("turned back before it was held, and told twice").hasSize(1);
    }

    @Test
    void a_parked_checkout_that_is_answered_after_all_is_not_parked_any_more() {
        List<Object> parked = List.of(couponRestored(), restored(2, 10), lastTimer(3), parked(Step.REFUND_PAYMENT));

        assertThat(told(true, SHOP, DONE, parked).parked()).hasSize(1);
        assertThat(told(true, SHOP, DONE, parked, List.of(refunded(1_500, 5_000))).unfinished()).hasSize(1);
    }

    @SafeVarargs
    private static Report told(boolean atRest, List<Object>... parts) {
        Invariants invariants = new Invariants();
        Arrays.stream(parts).flatMap(List::stream).forEach(invariants::on);
        return invariants.report(atRest);
    }

    @SafeVarargs
    private static Arguments planted(Invariant invariant, String what, List<Object>... parts) {
        return Arguments.of(invariant, what, Arrays.stream(parts).flatMap(List::stream).toList());
    }

    private static Arguments planted(Invariant invariant, String what, List<Object> shop, Object... events) {
        List<Object> all = new ArrayList<>(shop);
        all.addAll(List.of(events));
        return Arguments.of(invariant, what, all);
    }
}
