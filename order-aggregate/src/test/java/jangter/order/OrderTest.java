package jangter.order;

import static org.assertj.core.api.Assertions.assertThat;

import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.Money;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import jangter.kernel.Refused;
import jangter.order.api.AppliedCoupon;
import jangter.order.api.Basket;
import jangter.order.api.CancelReason;
import jangter.order.api.FailureReason;
import jangter.order.api.OrderCommand;
import jangter.order.api.OrderCommand.CancelOrder;
import jangter.order.api.OrderCommand.CompleteOrder;
import jangter.order.api.OrderCommand.ExpireOrder;
import jangter.order.api.OrderCommand.FailPayment;
import jangter.order.api.OrderCommand.PlaceOrder;
import jangter.order.api.OrderCommand.RequestPayment;
import jangter.order.api.OrderEvent;
import jangter.order.api.OrderEvent.OrderCancelled;
import jangter.order.api.OrderEvent.OrderCompleted;
import jangter.order.api.OrderEvent.OrderPlaced;
import jangter.order.api.OrderEvent.PaymentFailed;
import jangter.order.api.OrderEvent.PaymentRequested;
import jangter.order.api.OrderLine;
import jangter.order.api.OrderRefusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.ResultValidator;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class OrderTest {

    private static final Instant NOW = Instant.parse("2026-05-04T09:00:00Z");
    private static final Instant PAY_BY = Instant.parse("2026-05-04T09:30:00Z");
    private static final Instant NEW_PAY_BY = Instant.parse("2026-05-04T10:00:00Z");

    private static final OrderId ORDER = new OrderId("order-1");
    private static final CustomerId ALICE = new CustomerId("alice");
    private static final CustomerId BOB = new CustomerId("bob");
    private static final PaymentId FIRST = new PaymentId("payment-1");
    private static final PaymentId SECOND = new PaymentId("payment-2");

    private static final Basket BASKET = new Basket(List.of(
            new OrderLine(new ProductId("product-tea"), new Quantity(2), Money.of(5_000, "KRW")),
            new OrderLine(new ProductId("product-cup"), new Quantity(1), Money.of(12_000, "KRW"))),
            new AppliedCoupon(new CouponId("coupon-1"), Money.of(2_000, "KRW")));
    private static final Money TOTAL = Money.of(20_000, "KRW");

    private static final OrderEvent PLACED = new OrderPlaced(ORDER, ALICE, BASKET, TOTAL, PAY_BY);
    private static final OrderEvent REQUESTED = new PaymentRequested(ORDER, FIRST, ALICE, BASKET, TOTAL);
    private static final OrderEvent COMPLETED = new OrderCompleted(ORDER, FIRST, ALICE, BASKET);
    private static final OrderEvent FAILED_FOR_BALANCE = new PaymentFailed(ORDER, FIRST, FailureReason.INSUFFICIENT_BALANCE, NEW_PAY_BY);
    private static final OrderEvent FAILED_FOR_STOCK = new PaymentFailed(ORDER, FIRST, FailureReason.OUT_OF_STOCK, NEW_PAY_BY);

    /** What an order can have been through, under the name of where it stands then. */
    private enum Past {
        MISSING(),
        PENDING(PLACED),
        PENDING_AGAIN(PLACED, REQUESTED, FAILED_FOR_BALANCE),
        PAYING(PLACED, REQUESTED),
        PAYING_AGAIN(PLACED, REQUESTED, FAILED_FOR_BALANCE, new PaymentRequested(ORDER, SECOND, ALICE, BASKET, TOTAL)),
        COMPLETED(PLACED, REQUESTED, OrderTest.COMPLETED),
        CANCELLED_BY_CUSTOMER(PLACED, new OrderCancelled(ORDER, CancelReason.BY_CUSTOMER)),
        CANCELLED_AFTER_FAILURE(PLACED, REQUESTED, FAILED_FOR_BALANCE, new OrderCancelled(ORDER, CancelReason.BY_CUSTOMER)),
        EXPIRED(PLACED, new OrderCancelled(ORDER, CancelReason.EXPIRED)),
        PAYMENT_FAILED(PLACED, REQUESTED, FAILED_FOR_STOCK, new OrderCancelled(ORDER, CancelReason.PAYMENT_FAILED));

        private final List<OrderEvent> events;

        Past(OrderEvent... events) {
            this.events = List.of(events);
        }
    }

    private static TestExecutor<Order> given(List<OrderEvent> events, Instant now) {
        return new AggregateTestFixture<>(Order.class).given(events).andGivenCurrentTime(now);
    }

    private static ResultValidator<Order> after(Past past, OrderCommand command) {
        return given(past.events, NOW).when(command);
    }

    private static ResultValidator<Order> after(Past past, Instant now, OrderCommand command) {
        return given(past.events, now).when(command);
    }

    private static void quiet(ResultValidator<Order> result) {
        result.expectSuccessfulHandlerExecution().expectNoEvents();
    }

    private static void refused(ResultValidator<Order> result, OrderRefusal code) {
        result.expectException(Refused.with(code)).expectNoEvents();
    }

    @Nested
    class Placing {

        private final PlaceOrder command = new PlaceOrder(ORDER, ALICE, BASKET, PAY_BY);

        @Test
        void an_order_is_placed_with_what_is_to_be_paid() {
            after(Past.MISSING, command).expectResultMessagePayload(PAY_BY).expectEvents(PLACED);
        }

        @ParameterizedTest
        @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MISSING")
        void placing_it_again_changes_nothing_wherever_it_stands(Past past) {
            quiet(after(past, command));
        }

        @Test
        void placing_it_again_later_does_not_give_more_time_to_pay() {
            after(Past.PENDING, new PlaceOrder(ORDER, ALICE, BASKET, NEW_PAY_BY)).expectResultMessagePayload(PAY_BY).expectNoEvents();
        }

        @ParameterizedTest
        @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MISSING")
        void another_basket_cannot_take_its_id(Past past) {
            Basket other = new Basket(BASKET.lines(), null);
            refused(after(past, new PlaceOrder(ORDER, ALICE, other, PAY_BY)), OrderRefusal.ORDER_EXISTS);
        }

        @Test
        void another_customer_cannot_take_its_id() {
            refused(after(Past.PENDING, new PlaceOrder(ORDER, BOB, BASKET, PAY_BY)), OrderRefusal.ORDER_EXISTS);
        }
    }

    @Nested
    class RequestingPayment {

        private final RequestPayment first = new RequestPayment(ORDER, FIRST, ALICE);
        private final RequestPayment second = new RequestPayment(ORDER, SECOND, ALICE);

        @Test
        void a_pending_order_can_be_paid() {
            after(Past.PENDING, first).expectSuccessfulHandlerExecution().expectEvents(REQUESTED);
        }

        @Test
        void an_order_whose_payment_failed_for_balance_can_be_paid_again() {
            after(Past.PENDING_AGAIN, second).expectSuccessfulHandlerExecution()
                    .expectEvents(new PaymentRequested(ORDER, SECOND, ALICE, BASKET, TOTAL));
        }

        @Test
        void a_failed_payment_gives_new_time_to_pay() {
            after(Past.PENDING_AGAIN, NEW_PAY_BY.minusNanos(1), second)
                    .expectEvents(new PaymentRequested(ORDER, SECOND, ALICE, BASKET, TOTAL));
        }

        @ParameterizedTest
        @EnumSource(names = {"PENDING_AGAIN", "PAYING", "PAYING_AGAIN", "COMPLETED", "CANCELLED_AFTER_FAILURE", "PAYMENT_FAILED"})
        void the_same_payment_requested_again_changes_nothing_whatever_became_of_it(Past past) {
            quiet(after(past, first));
        }

        @ParameterizedTest
        @EnumSource(names = {"PAYING", "COMPLETED", "CANCELLED_BY_CUSTOMER", "CANCELLED_AFTER_FAILURE", "EXPIRED", "PAYMENT_FAILED"})
        void only_a_pending_order_can_be_paid(Past past) {
            refused(after(past, second), OrderRefusal.ORDER_NOT_PENDING);
        }

        @Test
        void an_order_cannot_be_paid_from_the_end_of_its_time_on_even_before_it_is_cancelled() {
            refused(after(Past.PENDING, PAY_BY, first), OrderRefusal.ORDER_NOT_PENDING);
            after(Past.PENDING, PAY_BY.minusNanos(1), first).expectEvents(REQUESTED);
        }

        @Test
        void an_unknown_order_cannot_be_paid() {
            refused(after(Past.MISSING, first), OrderRefusal.UNKNOWN_ORDER);
        }

        @ParameterizedTest
        @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MISSING")
        void anothers_order_is_unknown(Past past) {
            refused(after(past, new RequestPayment(ORDER, FIRST, BOB)), OrderRefusal.UNKNOWN_ORDER);
        }

        @Test
        void an_order_can_be_tried_to_be_paid_ten_times_and_no_more() {
            PaymentId tenth = new PaymentId("payment-10");
            given(triedBefore(9), NOW).when(new RequestPayment(ORDER, tenth, ALICE))
                    .expectEvents(new PaymentRequested(ORDER, tenth, ALICE, BASKET, TOTAL));

            refused(given(triedBefore(10), NOW).when(new RequestPayment(ORDER, new PaymentId("payment-11"), ALICE)),
                    OrderRefusal.TOO_MANY_ATTEMPTS);
            quiet(given(triedBefore(10), NOW).when(new RequestPayment(ORDER, tenth, ALICE)));
        }

        private List<OrderEvent> triedBefore(int times) {
            List<OrderEvent> events = new ArrayList<>(List.of(PLACED));
            for (int attempt = 1; attempt <= times; attempt++) {
                PaymentId payment = new PaymentId("payment-" + attempt);
                events.add(new PaymentRequested(ORDER, payment, ALICE, BASKET, TOTAL));
                events.add(new PaymentFailed(ORDER, payment, FailureReason.INSUFFICIENT_BALANCE, NEW_PAY_BY));
            }
            return events;
        }
    }

    @Nested
    class Completing {

        private final CompleteOrder first = new CompleteOrder(ORDER, FIRST);
        private final CompleteOrder second = new CompleteOrder(ORDER, SECOND);

        @Test
        void an_order_that_is_being_paid_is_completed() {
            after(Past.PAYING, first).expectSuccessfulHandlerExecution().expectEvents(COMPLETED);
        }

        @Test
        void it_is_completed_however_long_its_payment_took() {
            after(Past.PAYING, PAY_BY.plusSeconds(86_400), first).expectEvents(COMPLETED);
        }

        @Test
        void completing_it_again_under_the_same_payment_changes_nothing() {
            quiet(after(Past.COMPLETED, first));
        }

        @ParameterizedTest
        @EnumSource(names = {"PENDING", "PENDING_AGAIN", "PAYING_AGAIN", "CANCELLED_BY_CUSTOMER", "CANCELLED_AFTER_FAILURE", "EXPIRED",
                "PAYMENT_FAILED"})
        void an_order_that_is_not_being_paid_under_that_payment_cannot_be_completed(Past past) {
            refused(after(past, first), OrderRefusal.PAYMENT_NOT_CURRENT);
        }

        @ParameterizedTest
        @EnumSource(names = {"PAYING", "COMPLETED"})
        void another_payment_cannot_complete_it(Past past) {
            refused(after(past, second), OrderRefusal.PAYMENT_NOT_CURRENT);
        }

        @Test
        void an_unknown_order_cannot_be_completed() {
            refused(after(Past.MISSING, first), OrderRefusal.UNKNOWN_ORDER);
        }
    }

    @Nested
    class FailingPayment {

        private final FailPayment first = new FailPayment(ORDER, FIRST, FailureReason.INSUFFICIENT_BALANCE, NEW_PAY_BY);
        private final FailPayment second = new FailPayment(ORDER, SECOND, FailureReason.INSUFFICIENT_BALANCE, NEW_PAY_BY);

        static Stream<FailureReason> mendable() {
            return Stream.of(FailureReason.values()).filter(FailureReason::isMendable);
        }

        static Stream<FailureReason> unmendable() {
            return Stream.of(FailureReason.values()).filter(reason -> !reason.isMendable());
        }

        @ParameterizedTest
        @MethodSource("mendable")
        void what_the_customer_can_mend_leaves_the_order_pending(FailureReason reason) {
            after(Past.PAYING, new FailPayment(ORDER, FIRST, reason, NEW_PAY_BY)).expectSuccessfulHandlerExecution()
                    .expectEvents(new PaymentFailed(ORDER, FIRST, reason, NEW_PAY_BY));
        }

        @ParameterizedTest
        @MethodSource("unmendable")
        void what_the_customer_cannot_mend_cancels_the_order(FailureReason reason) {
            after(Past.PAYING, new FailPayment(ORDER, FIRST, reason, NEW_PAY_BY)).expectSuccessfulHandlerExecution()
                    .expectEvents(new PaymentFailed(ORDER, FIRST, reason, NEW_PAY_BY),
                            new OrderCancelled(ORDER, CancelReason.PAYMENT_FAILED));
        }

        @ParameterizedTest
        @EnumSource(names = {"PENDING_AGAIN", "PAYING_AGAIN", "CANCELLED_AFTER_FAILURE", "PAYMENT_FAILED"})
        void failing_a_failed_payment_again_changes_nothing(Past past) {
            quiet(after(past, first));
        }

        @ParameterizedTest
        @EnumSource(names = {"PENDING", "COMPLETED", "CANCELLED_BY_CUSTOMER", "EXPIRED"})
        void a_payment_that_is_not_under_way_cannot_fail(Past past) {
            refused(after(past, first), OrderRefusal.PAYMENT_NOT_CURRENT);
        }

        @ParameterizedTest
        @EnumSource(names = {"PENDING", "PENDING_AGAIN", "PAYING", "COMPLETED", "CANCELLED_AFTER_FAILURE", "PAYMENT_FAILED"})
        void a_payment_that_was_never_requested_cannot_fail(Past past) {
            refused(after(past, second), OrderRefusal.PAYMENT_NOT_CURRENT);
        }

        @Test
        void a_payment_of_an_unknown_order_cannot_fail() {
            refused(after(Past.MISSING, first), OrderRefusal.UNKNOWN_ORDER);
        }
    }

    @Nested
    class Cancelling {

        private final CancelOrder command = new CancelOrder(ORDER, ALICE);

        @ParameterizedTest
        @EnumSource(names = {"PENDING", "PENDING_AGAIN"})
        void a_customer_can_cancel_a_pending_order(Past past) {
            after(past, command).expectSuccessfulHandlerExecution().expectEvents(new OrderCancelled(ORDER, CancelReason.BY_CUSTOMER));
        }

        @Test
        void a_customer_can_cancel_an_order_whose_time_to_pay_is_over() {
            after(Past.PENDING, PAY_BY, command).expectEvents(new OrderCancelled(ORDER, CancelReason.BY_CUSTOMER));
        }

        @ParameterizedTest
        @EnumSource(names = {"CANCELLED_BY_CUSTOMER", "CANCELLED_AFTER_FAILURE"})
        void cancelling_it_again_changes_nothing(Past past) {
            quiet(after(past, command));
        }

        @ParameterizedTest
        @EnumSource(names = {"PAYING", "PAYING_AGAIN", "COMPLETED", "EXPIRED", "PAYMENT_FAILED"})
        void only_a_pending_order_can_be_cancelled(Past past) {
            refused(after(past, command), OrderRefusal.ORDER_NOT_PENDING);
        }

        @Test
        void an_unknown_order_cannot_be_cancelled() {
            refused(after(Past.MISSING, command), OrderRefusal.UNKNOWN_ORDER);
        }

        @ParameterizedTest
        @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MISSING")
        void anothers_order_is_unknown(Past past) {
            refused(after(past, new CancelOrder(ORDER, BOB)), OrderRefusal.UNKNOWN_ORDER);
        }
    }

    @Nested
    class Expiring {

        private final ExpireOrder command = new ExpireOrder(ORDER);

        @Test
        void an_order_that_is_still_pending_at_the_end_of_its_time_is_cancelled() {
            after(Past.PENDING, PAY_BY, command).expectSuccessfulHandlerExecution()
                    .expectEvents(new OrderCancelled(ORDER, CancelReason.EXPIRED));
        }

        @Test
        void an_order_that_may_be_paid_again_has_the_time_its_last_failure_gave() {
            quiet(after(Past.PENDING_AGAIN, PAY_BY, command));
            after(Past.PENDING_AGAIN, NEW_PAY_BY, command).expectEvents(new OrderCancelled(ORDER, CancelReason.EXPIRED));
        }

        @Test
        void an_order_does_not_expire_before_its_time() {
            quiet(after(Past.PENDING, PAY_BY.minusNanos(1), command));
        }

        @ParameterizedTest
        @EnumSource(names = {"PAYING", "PAYING_AGAIN", "COMPLETED", "CANCELLED_BY_CUSTOMER", "CANCELLED_AFTER_FAILURE", "EXPIRED",
                "PAYMENT_FAILED"})
        void an_order_that_is_not_pending_does_not_expire(Past past) {
            quiet(after(past, NEW_PAY_BY.plusSeconds(1), command));
        }

        @Test
        void an_unknown_order_cannot_expire() {
            refused(after(Past.MISSING, command), OrderRefusal.UNKNOWN_ORDER);
        }
    }

    @Test
    void every_reason_to_fail_is_either_mendable_or_final() {
        assertThat(FailingPayment.mendable()).isNotEmpty();
        assertThat(FailingPayment.unmendable()).isNotEmpty();
    }
}
