package jangter.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import jangter.checkout.Checkout.State;
import jangter.checkout.api.CheckoutEvent.RetryRequested;
import jangter.checkout.api.Step;
import jangter.order.api.FailureReason;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** Nobody answers, and the checkout is in a hurry: it comes to be parked within a second. */
@TestPropertySource(properties = {"jangter.checkout.first-wait=PT0.05S", "jangter.checkout.longest-wait=PT0.1S",
        "jangter.checkout.sends-before-undoing=2", "jangter.checkout.sends-before-parking=3"})
class ParkedCheckoutTest extends CheckoutScene {

    @Autowired
    MeterRegistry meters;

    @Test
    void what_nobody_answers_is_parked_retried_by_staff_and_ends() {
        tell(requested(order, 1));
        CheckoutDetails.Attempt parked = shown(order, State.PARKED);
        assertThat(parked.reason()).isEqualTo(FailureReason.NOT_ANSWERED);
        assertThat(parked.timeline()).extracting(CheckoutDetails.Entry::step).containsExactly(Step.TAKE_PAYMENT, Step.REFUND_PAYMENT);
        assertThat(parked.timeline()).extracting(CheckoutDetails.Entry::attempt).containsExactly(2, 3);
        assertThat(page("?size=100&state=PARKED").items()).extracting(CheckoutSummary::orderId).contains(order);

        retry(order).expectStatus().isAccepted().expectHeader().valueEquals("Location", "/checkouts/" + order);
        assertThat(retries(order)).singleElement().extracting(RetryRequested::requestedBy).isEqualTo(Sample.OPERATOR);

        tell(refunded(order, 1));
        await().atMost(SOON).until(() -> details(order).attempts().get(0).timeline().stream().anyMatch(e -> e.step() == Step.FAIL_PAYMENT));
        tell(failed(order, 1, FailureReason.NOT_ANSWERED));
        assertThat(shown(order, State.FAILED).timeline()).extracting(CheckoutDetails.Entry::answer)
                .containsExactly(null, "PaymentRefunded", "PaymentFailed");
        await().atMost(SOON).until(() -> meters.get("jangter.checkout").tags("outcome", "failed", "reason", "not_answered").timer().count() > 0);
        assertThat(meters.get("jangter.checkout").tags("outcome", "parked", "reason", "not_answered").timer().count()).isPositive();
    }

    @Test
    void a_retry_that_is_not_answered_either_is_parked_again_and_can_be_retried_again() {
        tell(requested(order, 1));
        shown(order, State.PARKED);
        int first = round();

        retry(order).expectStatus().isAccepted();
        await().atMost(SOON).until(() -> round() > first && details(order).attempts().get(0).state() == State.PARKED);
        retry(order).expectStatus().isAccepted();
        assertThat(retries(order)).extracting(RetryRequested::round).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void a_retry_under_the_same_key_is_one_retry() {
        tell(requested(order, 1));
        shown(order, State.PARKED);

        retry(order, "once").expectStatus().isAccepted();
        retry(order, "once").expectStatus().isAccepted();
        assertThat(retries(order)).hasSize(1);
    }

    private int round() {
        return stored(order).get("attempts", Document.class).get(payment(order, 1).value(), Document.class).getInteger("round");
    }
}
