package jangter.checkout;

import jangter.checkout.Checkout.State;
import jangter.checkout.api.Step;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.ProductId;
import jangter.order.api.FailureReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All attempts to pay an order, the latest last. */
record CheckoutDetails(OrderId orderId, List<Attempt> attempts) {

    CheckoutDetails {
        attempts = List.copyOf(attempts);
    }

    /** One attempt: how it stands, and step by step how it came there. */
    record Attempt(PaymentId paymentId, State state, @Nullable FailureReason reason, Instant startedAt, @Nullable Instant endedAt,
            List<Entry> timeline) {

        Attempt {
            timeline = List.copyOf(timeline);
        }
    }

    /**
     * A step, or one product's part of it.
     *
     * @param attempt how often it was sent
     * @param answer the event that answered it
     * @param millis from when it was due to its answer
     */
    record Entry(Step step, @Nullable ProductId productId, int attempt, Instant askedAt, @Nullable Instant answeredAt,
            @Nullable String answer, @Nullable Long millis) {
    }

    static CheckoutDetails of(OrderId order, List<CheckoutAttempt> attempts) {
        return new CheckoutDetails(order, attempts.stream().map(CheckoutDetails::attempt).toList());
    }

    private static Attempt attempt(CheckoutAttempt attempt) {
        return new Attempt(attempt.paymentId(), attempt.state(), attempt.reason(), attempt.startedAt(), attempt.endedAt(),
                attempt.timeline().stream().map(CheckoutDetails::entry).toList());
    }

    private static Entry entry(CheckoutAttempt.Entry entry) {
        Long millis = entry.answeredAt() == null ? null : Duration.between(entry.askedAt(), entry.answeredAt()).toMillis();
        return new Entry(entry.step(), entry.productId(), entry.attempt(), entry.askedAt(), entry.answeredAt(), entry.answer(), millis);
    }
}
