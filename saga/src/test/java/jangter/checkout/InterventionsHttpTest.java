package jangter.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jangter.checkout.Checkout.State;
import jangter.checkout.CheckoutAttempt.Intervention;
import jangter.checkout.api.Step;
import jangter.kernel.OrderId;
import jangter.order.api.FailureReason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterventionsHttpTest extends CheckoutScene {

    @Test
    void a_running_checkout_shows_who_had_its_step_sent_again_and_why() {
        tell(requested(order, 1));
        shown(order, State.RUNNING);
        stepIn(order, "retry", BECAUSE).expectStatus().isAccepted().expectHeader().valueEquals("Location", "/checkouts/" + order);

        CheckoutDetails.Attempt attempt = awaitIntervention();
        Intervention intervention = attempt.interventions().get(0);
        assertThat(intervention.what()).isEqualTo(Wish.RETRY);
        assertThat(intervention.by()).isEqualTo(Sample.OPERATOR);
        assertThat(intervention.reason()).isEqualTo(Sample.REASON);
        assertThat(intervention.hadEffect()).isTrue();
        assertThat(attempt.timeline().get(0).sentAgainAt()).contains(intervention.at());
        assertThat(attempt.ahead()).containsExactly(Step.DEDUCT_STOCK, Step.USE_COUPON, Step.COMPLETE_ORDER);
        assertThat(attempt.customerId()).isEqualTo(Sample.ALICE);
    }

    @Test
    void one_that_is_called_off_is_undone() {
        tell(requested(order, 1));
        shown(order, State.RUNNING);
        stepIn(order, "compensation", BECAUSE).expectStatus().isAccepted();

        CheckoutDetails.Attempt undone = shown(order, State.COMPENSATING);
        assertThat(undone.reason()).isEqualTo(FailureReason.CALLED_OFF);
        assertThat(undone.timeline()).extracting(CheckoutDetails.Entry::step, CheckoutDetails.Entry::compensation, CheckoutDetails.Entry::service)
                .contains(org.assertj.core.groups.Tuple.tuple(Step.REFUND_PAYMENT, true, "payment"));
        refused(stepIn(order, "compensation", BECAUSE), 409, "checkout-cannot-be-undone");
        tell(refunded(order, 1));
        tell(failed(order, 1, FailureReason.CALLED_OFF));
        shown(order, State.FAILED);
        List.of("retry", "compensation", "parking").forEach(how -> refused(stepIn(order, how, BECAUSE), 409, "checkout-has-ended"));
    }

    @Test
    void one_that_is_parked_stays_where_it_is_until_it_is_retried() {
        tell(requested(order, 1));
        shown(order, State.RUNNING);
        stepIn(order, "parking", BECAUSE).expectStatus().isAccepted();
        shown(order, State.HELD);
        refused(stepIn(order, "parking", BECAUSE), 409, "checkout-parked-already");

        tell(taken(order, 1));
        await().atMost(SOON).until(() -> details(order).attempts().get(0).timeline().get(0).answer() != null);
        assertThat(shown(order, State.HELD).timeline()).hasSize(1);
        retry(order).expectStatus().isAccepted();
        await().atMost(SOON).until(() -> details(order).attempts().get(0).timeline().size() == 2);
    }

    @Test
    void an_order_that_is_being_completed_cannot_be_called_off() {
        tellAll(allIsWell(order, 1).subList(0, 4));
        await().atMost(SOON).ignoreException(AssertionError.class)
                .until(() -> details(order).attempts().get(0).timeline().stream().anyMatch(entry -> entry.step() == Step.COMPLETE_ORDER));
        refused(stepIn(order, "compensation", BECAUSE), 409, "checkout-cannot-be-undone");
    }

    @ParameterizedTest
    @ValueSource(strings = {"retry", "compensation", "parking"})
    void nobody_steps_in_without_a_reason(String how) {
        tell(requested(order, 1));
        shown(order, State.RUNNING);
        for (Object body : List.of(Map.of(), Map.of("reason", ""), Map.of("reason", " because"), Map.of("reason", "x".repeat(201)),
                Map.of("reason", "two\nlines"), Map.of("reason", 7), Map.of("reason", "a", "more", "b"))) {
            stepIn(order, how, body).expectStatus().isBadRequest();
        }
        refused(stepIn("order-nowhere", how, BECAUSE), 404, "unknown-checkout");
        assertThat(details(order).attempts().get(0).interventions()).isEmpty();
    }

    @Test
    void checkouts_are_found_by_customer_by_order_and_by_both() {
        tell(requested(order, 1));
        shown(order, State.RUNNING);
        assertThat(found("?size=100&order=" + order)).contains(order);
        assertThat(found("?size=100&customer=alice&state=RUNNING&order=" + order)).containsExactly(order);
        assertThat(found("?size=100&customer=nobody")).isEmpty();
        assertThat(found("?order=order-nowhere")).isEmpty();
        get("/checkouts?order=$ne").expectStatus().isBadRequest();
        get("/checkouts?customer=a@b").expectStatus().isBadRequest();
    }

    private List<OrderId> found(String query) {
        return page(query).items().stream().map(CheckoutSummary::orderId).toList();
    }

    private CheckoutDetails.Attempt awaitIntervention() {
        return await().atMost(SOON).until(() -> details(order).attempts().get(0), attempt -> !attempt.interventions().isEmpty());
    }
}
