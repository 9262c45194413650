package jangter.checkout;

import static jangter.platform.Tokens.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jangter.checkout.Checkout.State;
import jangter.checkout.api.Step;
import jangter.kernel.OrderId;
import jangter.order.api.FailureReason;
import jangter.platform.http.Page;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckoutHttpTest extends CheckoutScene {

    @Test
    void a_completed_order_shows_each_step_when_it_was_asked_and_answered() {
        tellAll(allIsWell(order, 1));

        CheckoutDetails.Attempt attempt = shown(order, State.COMPLETED);
        assertThat(attempt.paymentId()).isEqualTo(payment(order, 1));
        assertThat(attempt.reason()).isNull();
        assertThat(attempt.endedAt()).isNotNull();
        assertThat(attempt.timeline()).extracting(CheckoutDetails.Entry::step)
                .containsExactly(Step.TAKE_PAYMENT, Step.DEDUCT_STOCK, Step.USE_COUPON, Step.COMPLETE_ORDER);
        assertThat(attempt.timeline()).extracting(CheckoutDetails.Entry::answer)
                .containsExactly("PaymentTaken", "StockDeducted", "CouponUsed", "OrderCompleted");
        assertThat(attempt.timeline()).allSatisfy(entry -> {
            assertThat(entry.attempt()).isEqualTo(1);
            assertThat(entry.millis()).isNotNegative();
            assertThat(entry.answeredAt()).isAfterOrEqualTo(entry.askedAt());
        });
        assertThat(attempt.timeline().get(1).productId()).isEqualTo(Sample.TEA);
    }

    @Test
    void an_order_that_is_paid_again_shows_both_attempts() {
        tellAll(soldOut(order, 1));
        tellAll(allIsWell(order, 2));

        shown(order, State.COMPLETED);
        CheckoutDetails shown = details(order);
        assertThat(shown.attempts()).extracting(CheckoutDetails.Attempt::state).containsExactly(State.FAILED, State.COMPLETED);
        assertThat(shown.attempts().get(0).reason()).isEqualTo(FailureReason.OUT_OF_STOCK);
        assertThat(shown.attempts().get(0).timeline()).extracting(CheckoutDetails.Entry::answer)
                .containsExactly("PaymentTaken", "StockDeductionRefused", "PaymentRefunded", "PaymentFailed");
    }

    @Test
    void a_running_checkout_shows_what_it_waits_for() {
        tell(requested(order, 1));

        CheckoutDetails.Entry waiting = shown(order, State.RUNNING).timeline().get(0);
        assertThat(waiting.step()).isEqualTo(Step.TAKE_PAYMENT);
        assertThat(waiting.answeredAt()).isNull();
        assertThat(waiting.millis()).isNull();
    }

    @Test
    void of_an_ended_checkout_no_state_is_kept() {
        tellAll(allIsWell(order, 1));
        shown(order, State.COMPLETED);

        await().atMost(SOON).untilAsserted(() -> assertThat(all("sagas"))
                .noneMatch(saga -> saga.getString("_id").contains(payment(order, 1).value()) && saga.containsKey("state")));
    }

    @Test
    void the_list_runs_from_new_to_old_page_by_page() {
        // of those that came in the same millisecond the greater id comes first
        List<OrderId> told = List.of(order("1"), order("2"), order("3"), order("4"), order("5"));
        told.forEach(one -> tellAll(soldOut(one, 1)));
        told.forEach(one -> shown(one, State.FAILED));

        List<OrderId> listed = new ArrayList<>();
        Page<CheckoutSummary> page = page("?size=2&state=FAILED");
        listed.addAll(orders(page));
        while (page.next() != null) {
            page = page("?size=2&state=FAILED&cursor=" + page.next());
            assertThat(page.items()).hasSizeLessThanOrEqualTo(2);
            listed.addAll(orders(page));
        }
        assertThat(listed).doesNotHaveDuplicates().containsSubsequence(told.get(4), told.get(3), told.get(2), told.get(1), told.get(0));
    }

    @Test
    void the_list_can_be_of_one_state_alone() {
        tellAll(soldOut(order, 1));
        tellAll(allIsWell(order("b"), 1));
        shown(order, State.FAILED);
        shown(order("b"), State.COMPLETED);

        assertThat(page("?size=100&state=COMPLETED").items()).extracting(CheckoutSummary::orderId).contains(order("b")).doesNotContain(order);
        assertThat(page("?size=100").items()).extracting(CheckoutSummary::orderId).contains(order, order("b"));
        assertThat(page("?size=100&state=FAILED").items()).filteredOn(listed -> listed.orderId().equals(order))
                .singleElement().satisfies(listed -> {
                    assertThat(listed.reason()).isEqualTo(FailureReason.OUT_OF_STOCK);
                    assertThat(listed.paymentId()).isEqualTo(payment(order, 1));
                    assertThat(listed.endedAt()).isNotNull();
                });
    }

    @Test
    void the_list_tells_of_each_order_once_where_its_latest_payment_began() {
        // of those that came in the same millisecond the greater id comes first
        OrderId twice = order("b");
        tellAll(soldOut(twice, 1));
        tellAll(soldOut(order, 1));
        tellAll(allIsWell(twice, 2));
        shown(twice, State.COMPLETED);
        shown(order, State.FAILED);

        assertThat(mine("?size=1")).containsExactly(twice, order);
        assertThat(mine("?size=1&state=FAILED")).containsExactly(order);
        assertThat(mine("?size=1&customer=alice")).containsExactly(twice, order);
        assertThat(mine("?size=1&customer=alice&state=COMPLETED")).containsExactly(twice);
        assertThat(mine("?size=1&order=order-")).containsExactly(twice, order);
        assertThat(mine("?size=1&order=" + twice)).containsExactly(twice);
        assertThat(mine("?size=100&order=order-b-")).startsWith(twice);
    }

    @Test
    void what_goes_on_is_listed_until_it_has_ended() {
        tell(requested(order, 1));
        tell(requested(order("b"), 1));
        shown(order("b"), State.RUNNING);
        assertThat(mine("?size=1&state=RUNNING")).containsExactly(order("b"), order);

        tellAll(allIsWell(order, 1).subList(1, 5));
        shown(order, State.COMPLETED);
        assertThat(mine("?size=1&state=RUNNING")).containsExactly(order("b"));
    }

    @Test
    void what_has_ended_cannot_be_retried() {
        tellAll(allIsWell(order, 1));
        shown(order, State.COMPLETED);

        refused(retry(order), 409, "checkout-has-ended");
        assertThat(retries(order)).isEmpty();
    }

    @Test
    void an_order_that_was_never_paid_is_unknown() {
        refused(get("/checkouts/order-nowhere"), 404, "unknown-checkout");
        refused(retry("order-nowhere"), 404, "unknown-checkout");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "payment-1", "order-", "order- ", "order-a.b", "order-$ne", "ORDER-1"})
    void an_id_that_is_none_is_malformed(String id) {
        refused(get("/checkouts/" + id), 400, "invalid-value");
        refused(retry(id), 400, "invalid-value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?state=LOST", "?state=parked", "?size=0", "?size=101", "?size=x", "?cursor=x",
            "?cursor=2026-99-99T00:00:00Z_order-1"})
    void a_list_that_is_none_is_malformed(String query) {
        get("/checkouts" + query).expectStatus().isBadRequest();
    }

    @Test
    void customers_and_strangers_are_turned_away() {
        for (String path : List.of("/checkouts", "/checkouts/" + order)) {
            refused(http.get().uri(path).exchange(), 401, "not-signed-in");
            refused(http.get().uri(path).headers(as("alice")).exchange(), 403, "not-staff");
        }
        refused(http.post().uri("/checkouts/" + order + "/retry").exchange(), 401, "not-signed-in");
        refused(http.post().uri("/checkouts/" + order + "/retry").headers(as("alice")).exchange(), 403, "not-staff");
    }

    /** This test's orders on all pages of a list, in the list's order. */
    private List<OrderId> mine(String query) {
        List<OrderId> all = new ArrayList<>();
        Page<CheckoutSummary> page = page(query);
        all.addAll(orders(page));
        while (page.next() != null) {
            page = page(query + "&cursor=" + page.next());
            all.addAll(orders(page));
        }
        return all.stream().filter(List.of(order, order("b"))::contains).toList();
    }

    private static List<OrderId> orders(Page<CheckoutSummary> page) {
        return page.items().stream().map(CheckoutSummary::orderId).toList();
    }
}
