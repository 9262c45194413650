package jangter.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import jangter.checkout.Pace;
import jangter.checkout.api.CheckoutEvent.TimerElapsed;
import jangter.kernel.ChargeId;
import jangter.kernel.CustomerId;
import jangter.kernel.Money;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.WalletId;
import jangter.order.api.FailureReason;
import jangter.order.api.OrderEvent.PaymentFailed;
import jangter.payment.api.PaymentEvent.WalletCharged;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EvidenceTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final ChargeId CHARGE = ChargeId.of(new UUID(0, 1));
    private static final PaymentId PAYMENT = PaymentId.of(new UUID(0, 2));
    private static final OrderId ORDER = OrderId.of(new UUID(0, 3));
    /** Sent three times: after 1, 2 and 4 seconds the timers elapse. */
    private static final Pace PACE = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(8), 3, 5, Duration.ofMinutes(30));

    private final Evidence evidence = new Evidence(PACE);
    private int token;

    @Test
    void what_was_confirmed_must_be_there() {
        assertThat(evidence.missingOrTwice(List.of(CHARGE.toString()))).singleElement().asString().contains("0 times");

        read(charged(), NOON);

        assertThat(evidence.missingOrTwice(List.of(CHARGE.toString()))).isEmpty();
    }

    @Test
    void what_was_confirmed_must_not_be_there_twice() {
        read(charged(), NOON);
        read(charged(), NOON);

        assertThat(evidence.missingOrTwice(List.of(CHARGE.toString()))).singleElement().asString().contains("2 times");
    }

    @Test
    void an_order_that_was_told_completed_must_be() {
        assertThat(evidence.notCompleted(List.of(ORDER.toString()))).containsExactly(ORDER.toString());
    }

    @Test
    void what_was_seen_must_stay_where_it_was() {
        read(charged(), NOON);

        assertThat(evidence.changedSince(List.of("event 0"))).isEmpty();
        assertThat(evidence.changedSince(List.of("another"))).hasSize(1);
        assertThat(evidence.changedSince(List.of("event 0", "event 1"))).singleElement().asString().endsWith("gone");
    }

    @Test
    void who_waited_as_long_as_the_pace_says_did_not_give_up_early() {
        elapsed(1, 1);
        elapsed(2, 3);
        elapsed(3, 7);
        read(notAnswered(), NOON.plusSeconds(8));

        assertThat(evidence.gaveUp()).isOne();
        assertThat(evidence.gaveUpEarly()).isEmpty();
    }

    @Test
    void who_gave_up_before_is_told_of() {
        elapsed(1, 1);
        elapsed(2, 3);
        elapsed(3, 6);
        read(notAnswered(), NOON.plusSeconds(8));

        assertThat(evidence.gaveUpEarly()).hasSize(1);
    }

    private void elapsed(int round, int after) {
        read(new TimerElapsed(PAYMENT, ORDER, round, round == 3), NOON.plusSeconds(after));
    }

    private void read(Object event, Instant at) {
        evidence.accept(new StoredEvent(token, "event " + token++, at, event));
    }

    private static WalletCharged charged() {
        Money amount = Money.of(100, "KRW");
        return new WalletCharged(WalletId.of(new CustomerId("alice")), CHARGE, amount, amount);
    }

    private static PaymentFailed notAnswered() {
        return new PaymentFailed(ORDER, PAYMENT, FailureReason.NOT_ANSWERED, NOON.plusSeconds(60));
    }
}
