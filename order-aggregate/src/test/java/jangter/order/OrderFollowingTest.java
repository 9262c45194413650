package jangter.order;

import static org.assertj.core.api.Assertions.assertThat;

import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.UnavailableException;
import jangter.order.api.FailureReason;
import jangter.order.api.OrderQuery.FindStanding;
import jangter.order.api.OrderQuery.Standing;
import jangter.order.api.OrderStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.axonframework.queryhandling.DefaultQueryGateway;
import org.axonframework.queryhandling.SimpleQueryBus;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class OrderFollowingTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private static final OrderId ORDER = new OrderId("order-1");
    private static final PaymentId FIRST = new PaymentId("payment-1");
    private static final PaymentId SECOND = new PaymentId("payment-2");

    private static final Standing PLACED = new Standing(ORDER, OrderStatus.PENDING, null, null, null, 0);
    private static final Standing PAYING = new Standing(ORDER, OrderStatus.PAYING, FIRST, null, null, 1);
    private static final Standing FAILED = new Standing(ORDER, OrderStatus.PENDING, FIRST, FailureReason.NOT_ANSWERED, null, 2);
    private static final Standing PAYING_AGAIN = new Standing(ORDER, OrderStatus.PAYING, SECOND, null, null, 3);
    private static final Standing COMPLETED = new Standing(ORDER, OrderStatus.COMPLETED, SECOND, null, null, 4);

    private final SimpleQueryBus bus = SimpleQueryBus.builder().build();
    private final OrderFollowing following = new OrderFollowing(DefaultQueryGateway.builder().queryBus(bus).build());

    @Test
    void changes_told_while_the_first_answer_is_looked_up_are_not_told_again() {
        answer(() -> {
            tell(PAYING);
            tell(FAILED);
            return FAILED;
        });
        StepVerifier.create(following.follow(ORDER)).expectNext(FAILED).then(() -> tell(PAYING_AGAIN)).expectNext(PAYING_AGAIN)
                .thenCancel().verify(SOON);
    }

    @Test
    void changes_told_while_an_older_first_answer_is_looked_up_are_not_lost() {
        answer(() -> {
            tell(PAYING);
            return PLACED;
        });
        StepVerifier.create(following.follow(ORDER)).expectNext(PLACED, PAYING).thenCancel().verify(SOON);
    }

    @Test
    void a_change_that_is_told_twice_is_passed_on_once() {
        answer(() -> PLACED);
        StepVerifier.create(following.follow(ORDER)).expectNext(PLACED)
                .then(() -> List.of(PAYING, FAILED, PAYING, FAILED, PAYING_AGAIN).forEach(this::tell))
                .expectNext(PAYING, FAILED, PAYING_AGAIN).thenCancel().verify(SOON);
    }

    @Test
    void following_ends_with_what_stands_for_good_and_leaves_nothing_open() {
        answer(() -> PAYING_AGAIN);
        StepVerifier.create(following.follow(ORDER)).expectNext(PAYING_AGAIN).then(() -> tell(COMPLETED)).expectNext(COMPLETED)
                .expectComplete().verify(SOON);
        assertThat(bus.queryUpdateEmitter().activeSubscriptions()).isEmpty();
    }

    @Test
    void following_ends_when_the_service_closes_and_leaves_nothing_open() {
        answer(() -> PLACED);
        StepVerifier.create(following.follow(ORDER)).expectNext(PLACED).then(following::close).expectComplete().verify(SOON);
        assertThat(bus.queryUpdateEmitter().activeSubscriptions()).isEmpty();
    }

    @Test
    void the_outcome_of_a_payment_is_not_that_of_the_one_before() {
        answer(() -> FAILED);
        StepVerifier.create(following.outcome(ORDER, SECOND, outcome -> outcome)).expectSubscription().expectNoEvent(Duration.ofMillis(100))
                .then(() -> tell(PAYING_AGAIN)).expectNoEvent(Duration.ofMillis(100)).then(() -> tell(COMPLETED)).expectNext(COMPLETED)
                .expectComplete().verify(SOON);
    }

    @Test
    void the_outcome_of_a_payment_that_failed_before_is_looked_up_when_nothing_is_told() {
        answer(() -> FAILED);
        StepVerifier.create(following.outcome(ORDER, FIRST, outcome -> outcome)).expectNext(FAILED).expectComplete().verify(SOON);
        assertThat(bus.queryUpdateEmitter().activeSubscriptions()).isEmpty();
    }

    @Test
    void an_outcome_that_is_told_while_the_payment_is_asked_for_is_heard_and_nothing_looked_up() {
        answer(() -> {
            throw new AssertionError("looked up");
        });
        StepVerifier.create(following.outcome(ORDER, SECOND, outcome -> Mono.fromRunnable(() -> tell(COMPLETED)).then(outcome)))
                .expectNext(COMPLETED).expectComplete().verify(SOON);
    }

    @Test
    void a_payment_is_asked_for_although_its_outcome_cannot_be_followed() {
        OrderFollowing deaf = new OrderFollowing(null);
        StepVerifier.create(deaf.outcome(ORDER, SECOND, outcome -> outcome.onErrorReturn(PAYING_AGAIN))).expectNext(PAYING_AGAIN).expectComplete()
                .verify(SOON);
    }

    @Test
    void that_nobody_tells_how_the_order_stands_is_not_waited_for_without_end() {
        bus.subscribe(FindStanding.class.getName(), Standing.class, query -> new CompletableFuture<Standing>());
        StepVerifier.withVirtualTime(() -> following.follow(ORDER)).thenAwait(SOON).expectError(UnavailableException.class).verify(SOON);
        assertThat(bus.queryUpdateEmitter().activeSubscriptions()).isEmpty();
    }

    private void answer(Supplier<Standing> standing) {
        bus.subscribe(FindStanding.class.getName(), Standing.class, query -> standing.get());
    }

    private void tell(Standing standing) {
        bus.queryUpdateEmitter().emit(FindStanding.class, query -> query.orderId().equals(standing.orderId()), standing);
    }
}
