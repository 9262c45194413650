package jangter.coupon;

import static jangter.coupon.Samples.ALICE;
import static jangter.coupon.Samples.BOB;
import static jangter.coupon.Samples.CAMPAIGN;
import static jangter.coupon.Samples.CAMPAIGN_NAME;
import static jangter.coupon.Samples.COUPON;
import static jangter.coupon.Samples.NOON;
import static jangter.coupon.Samples.THIRTY_DAYS;
import static jangter.coupon.Samples.issued;
import static jangter.coupon.Samples.won;
import static org.assertj.core.api.Assertions.assertThat;

import jangter.coupon.api.CouponCommand.RestoreCoupon;
import jangter.coupon.api.CouponCommand.UseCoupon;
import jangter.coupon.api.CouponEvent.CouponIssued;
import jangter.coupon.api.CouponEvent.CouponRestored;
import jangter.coupon.api.CouponEvent.CouponUseRefused;
import jangter.coupon.api.CouponEvent.CouponUseVoided;
import jangter.coupon.api.CouponEvent.CouponUsed;
import jangter.coupon.api.CouponEvent.RefusedBecause;
import jangter.coupon.api.Discount;
import jangter.kernel.CustomerId;
import jangter.kernel.Money;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.PaymentMemory;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Alice's coupon takes ten percent off, at most 3,000 won, and was issued at noon for thirty days. */
class CouponTest {

    private static final Money PRICE = won(20_000);
    private static final Money DISCOUNT = won(2_000);
    private static final OrderId ORDER = new OrderId("order-1");
    private static final PaymentId PAYMENT = new PaymentId("payment-1");
    private static final PaymentId OTHER_PAYMENT = new PaymentId("payment-2");
    private static final Instant ASKED = NOON.plusSeconds(60);
    private static final Instant EXPIRES = NOON.plus(THIRTY_DAYS);

    private FixtureConfiguration<Coupon> fixture;

    @BeforeEach
    void setUp() {
        fixture = new AggregateTestFixture<>(Coupon.class);
    }

    @Nested
    class Use {

        @Test
        void its_owner_uses_it() {
            issuedAnd().when(use(PAYMENT)).expectEvents(used(PAYMENT));
        }

        @Test
        void asked_for_twice_it_is_used_once() {
            issuedAnd(used(PAYMENT)).when(use(PAYMENT)).expectSuccessfulHandlerExecution().expectNoEvents();
        }

        @Test
        void it_is_good_until_just_before_it_expires() {
            issuedAnd().andGivenCurrentTime(EXPIRES.minusMillis(1)).when(use(PAYMENT)).expectEvents(used(PAYMENT));
        }

        @Test
        void it_is_of_no_use_from_the_moment_it_expires() {
            issuedAnd().andGivenCurrentTime(EXPIRES).when(use(PAYMENT)).expectEvents(refused(PAYMENT, RefusedBecause.EXPIRED));
        }

        @Test
        void another_customer_cannot_use_it() {
            issuedAnd().when(use(PAYMENT, BOB, PRICE, DISCOUNT)).expectEvents(refused(PAYMENT, RefusedBecause.NOT_THE_OWNER));
        }

        @Test
        void what_is_used_by_one_payment_is_not_used_by_another() {
            issuedAnd(used(PAYMENT)).when(use(OTHER_PAYMENT)).expectEvents(refused(OTHER_PAYMENT, RefusedBecause.ALREADY_USED));
        }

        @Test
        void a_coupon_that_was_never_issued_is_refused() {
            fixture.givenNoPriorActivity().when(use(PAYMENT)).expectEvents(refused(PAYMENT, RefusedBecause.UNKNOWN_COUPON));
        }

        @Test
        void a_coupon_that_was_never_issued_is_refused_to_every_payment() {
            fixture.given(refused(PAYMENT, RefusedBecause.UNKNOWN_COUPON))
                    .when(use(OTHER_PAYMENT)).expectEvents(refused(OTHER_PAYMENT, RefusedBecause.UNKNOWN_COUPON));
        }

        @Test
        void a_refusal_is_not_repeated() {
            issuedAnd(used(PAYMENT), refused(OTHER_PAYMENT, RefusedBecause.ALREADY_USED))
                    .when(use(OTHER_PAYMENT)).expectSuccessfulHandlerExecution().expectNoEvents();
        }

        @Test
        void what_was_refused_stays_refused_though_it_could_be_done_by_now() {
            issuedAnd(used(PAYMENT), refused(OTHER_PAYMENT, RefusedBecause.ALREADY_USED), restored(PAYMENT))
                    .when(use(OTHER_PAYMENT)).expectSuccessfulHandlerExecution().expectNoEvents();
        }

        static Stream<Arguments> discountsNotGiven() {
            return Stream.of(
                    Arguments.of("too much", PRICE, won(2_001)),
                    Arguments.of("too little", PRICE, won(1_999)),
                    Arguments.of("nothing", PRICE, won(0)),
                    Arguments.of("past the cap", won(50_000), won(5_000)),
                    Arguments.of("in another currency", PRICE, Money.of(2_000, "JPY")),
                    Arguments.of("of a price in another currency", Money.of(20_000, "JPY"), Money.of(2_000, "JPY")),
                    Arguments.of("of a price in another currency, in the coupon's", Money.of(20_000, "JPY"), DISCOUNT));
        }

        @ParameterizedTest(name = "{0}")
        @MethodSource("discountsNotGiven")
        void an_order_that_counts_on_another_discount_is_refused(String what, Money price, Money discount) {
            issuedAnd().when(use(PAYMENT, ALICE, price, discount)).expectEvents(refused(PAYMENT, RefusedBecause.OTHER_DISCOUNT));
        }

        @Test
        void the_cap_is_what_comes_off_a_high_price() {
            issuedAnd().when(use(PAYMENT, ALICE, won(50_000), won(3_000)))
                    .expectEvents(new CouponUsed(COUPON, PAYMENT, ORDER, ALICE, won(3_000), ASKED));
        }

        @Test
        void a_fixed_discount_takes_off_no_more_than_the_price() {
            var fixed = new CouponIssued(COUPON, CAMPAIGN, ALICE, CAMPAIGN_NAME, new Discount.Fixed(won(5_000)), EXPIRES);
            fixture.given(fixed).andGivenCurrentTime(ASKED).when(use(PAYMENT, ALICE, won(4_000), won(4_000)))
                    .expectEvents(new CouponUsed(COUPON, PAYMENT, ORDER, ALICE, won(4_000), ASKED));
        }
    }

    @Nested
    class Restore {

        @Test
        void a_use_is_undone() {
            issuedAnd(used(PAYMENT)).when(restore(PAYMENT)).expectEvents(restored(PAYMENT));
        }

        @Test
        void undone_twice_it_is_undone_once() {
            issuedAnd(used(PAYMENT), restored(PAYMENT)).when(restore(PAYMENT)).expectSuccessfulHandlerExecution().expectNoEvents();
        }

        @Test
        void what_was_undone_is_not_done_again_under_the_same_payment() {
            issuedAnd(used(PAYMENT), restored(PAYMENT)).when(use(PAYMENT)).expectSuccessfulHandlerExecution().expectNoEvents();
        }

        @Test
        void what_was_undone_can_be_used_under_another_payment() {
            issuedAnd(used(PAYMENT), restored(PAYMENT)).when(use(OTHER_PAYMENT)).expectEvents(used(OTHER_PAYMENT));
        }

        @Test
        void undoing_one_payment_leaves_the_use_of_another() {
            issuedAnd(used(PAYMENT)).when(restore(OTHER_PAYMENT)).expectEvents(voided(OTHER_PAYMENT));
            issuedAnd(used(PAYMENT), voided(OTHER_PAYMENT)).when(use(PAYMENT)).expectNoEvents();
        }

        @Test
        void undone_after_it_expired_it_is_restored_all_the_same() {
            issuedAnd(used(PAYMENT)).andGivenCurrentTime(EXPIRES).when(restore(PAYMENT)).expectEvents(restored(PAYMENT));
        }

        @Test
        void what_was_refused_has_nothing_to_undo() {
            issuedAnd(refused(PAYMENT, RefusedBecause.EXPIRED)).when(restore(PAYMENT))
                    .expectSuccessfulHandlerExecution().expectNoEvents();
        }

        @Test
        void undone_before_it_arrives_it_leaves_a_void_mark() {
            issuedAnd().when(restore(PAYMENT)).expectEvents(voided(PAYMENT));
        }

        @Test
        void undone_twice_before_it_arrives_it_leaves_one_void_mark() {
            issuedAnd(voided(PAYMENT)).when(restore(PAYMENT)).expectSuccessfulHandlerExecution().expectNoEvents();
        }

        @Test
        void a_use_that_arrives_after_its_undoing_is_refused() {
            issuedAnd(voided(PAYMENT)).when(use(PAYMENT)).expectEvents(refused(PAYMENT, RefusedBecause.VOIDED));
        }

        @Test
        void a_use_that_arrives_twice_after_its_undoing_is_refused_once() {
            issuedAnd(voided(PAYMENT), refused(PAYMENT, RefusedBecause.VOIDED)).when(use(PAYMENT))
                    .expectSuccessfulHandlerExecution().expectNoEvents();
        }

        @Test
        void a_void_mark_stops_only_its_own_payment() {
            issuedAnd(voided(PAYMENT)).when(use(OTHER_PAYMENT)).expectEvents(used(OTHER_PAYMENT));
        }

        @Test
        void undoing_is_answered_even_where_no_coupon_was_issued() {
            fixture.givenNoPriorActivity().when(restore(PAYMENT)).expectEvents(voided(PAYMENT));
        }

        @Test
        void a_late_use_of_a_coupon_that_was_never_issued_is_refused_as_void() {
            fixture.given(voided(PAYMENT)).when(use(PAYMENT)).expectEvents(refused(PAYMENT, RefusedBecause.VOIDED));
        }
    }

    @Nested
    class Memory {

        /** One payment more than is remembered, each undone before it arrived. */
        private final List<CouponUseVoided> oneTooMany = IntStream.rangeClosed(0, PaymentMemory.MOST)
                .mapToObj(i -> new CouponUseVoided(COUPON, payment(i), ORDER, ASKED.plusSeconds(i))).toList();

        @Test
        void what_it_remembers_of_payments_is_bounded() {
            Coupon coupon = new Coupon();
            coupon.on(issued(COUPON, ALICE, NOON));
            oneTooMany.forEach(coupon::on);

            assertThat(coupon).extracting("payments").extracting("over").asInstanceOf(InstanceOfAssertFactories.MAP)
                    .hasSize(PaymentMemory.MOST).doesNotContainKey(payment(0));
        }

        @Test
        void a_late_use_that_it_no_longer_remembers_is_refused_as_too_late() {
            issuedAnd().andGiven(oneTooMany).when(use(payment(0)))
                    .expectEvents(refused(payment(0), RefusedBecause.TOO_LATE));
        }

        @Test
        void a_use_requested_since_is_not_too_late() {
            var fresh = new UseCoupon(COUPON, PAYMENT, ORDER, ALICE, PRICE, DISCOUNT, ASKED.plusSeconds(1));
            issuedAnd().andGiven(oneTooMany).when(fresh)
                    .expectEvents(new CouponUsed(COUPON, PAYMENT, ORDER, ALICE, DISCOUNT, fresh.requestedAt()));
        }

        @Test
        void an_order_that_was_paid_long_ago_keeps_its_coupon() {
            fixture.given(issued(COUPON, ALICE, NOON), used(PAYMENT)).andGiven(oneTooMany).andGivenCurrentTime(ASKED)
                    .when(use(PAYMENT)).expectNoEvents();
        }

        private static PaymentId payment(int i) {
            return new PaymentId("payment-old-" + i);
        }
    }

    private TestExecutor<Coupon> issuedAnd(Object... events) {
        return fixture.given(issued(COUPON, ALICE, NOON)).andGiven(events).andGivenCurrentTime(ASKED);
    }

    private static UseCoupon use(PaymentId payment) {
        return use(payment, ALICE, PRICE, DISCOUNT);
    }

    private static UseCoupon use(PaymentId payment, CustomerId customer, Money price, Money discount) {
        return new UseCoupon(COUPON, payment, ORDER, customer, price, discount, ASKED);
    }

    private static RestoreCoupon restore(PaymentId payment) {
        return new RestoreCoupon(COUPON, payment, ORDER, ASKED);
    }

    private static CouponUsed used(PaymentId payment) {
        return new CouponUsed(COUPON, payment, ORDER, ALICE, DISCOUNT, ASKED);
    }

    private static CouponUseRefused refused(PaymentId payment, RefusedBecause reason) {
        return new CouponUseRefused(COUPON, payment, ORDER, reason, ASKED);
    }

    private static CouponRestored restored(PaymentId payment) {
        return new CouponRestored(COUPON, payment, ORDER, ALICE, ASKED);
    }

    private static CouponUseVoided voided(PaymentId payment) {
        return new CouponUseVoided(COUPON, payment, ORDER, ASKED);
    }
}
