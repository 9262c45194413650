package jangter.checkout;

import jangter.checkout.Checkout.State;
import jangter.checkout.CheckoutAttempt.Intervention;
import jangter.checkout.api.Step;
import jangter.kernel.CustomerId;
import jangter.kernel.Money;
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

    /**
     * One attempt: how it stands, and step by step how it came there.
     *
     * @param interventions what operators wanted of it
     * @param ahead the steps still to come after the one it waits for, if it has not ended
     */
    record Attempt(PaymentId paymentId, @Nullable CustomerId customerId, @Nullable Money total, State state, @Nullable FailureReason reason,
            Instant startedAt, @Nullable Instant endedAt, List<Entry> timeline, List<Intervention> interventions, List<Step> ahead) {

        Attempt {
            timeline = List.copyOf(timeline);
            interventions = List.copyOf(interventions);
            ahead = List.copyOf(ahead);
        }
    }

    /**
     * A step, or one product's part of it.
     *
     * @param service who does it
     * @param compensation whether it undoes another
     * @param attempt how often it was sent
     * @param sentAgainAt when each further sending became due
     * @param answer the event that answered it
     * @param millis from when it was due to its answer
     * @param waitMillis of these, from when it was due until the command was sent that was answered: the saga's time, and that of sendings in
     *         vain; nothing if that is not known
     * @param workMillis of these, from there to the answer: the way to the aggregate and its decision. Two services' clocks are compared,
     *         and what would be negative counts as nothing
     */
    record Entry(Step step, String service, boolean compensation, @Nullable ProductId productId, int attempt, Instant askedAt,
            List<Instant> sentAgainAt, @Nullable Instant answeredAt, @Nullable String answer, @Nullable Long millis,
            @Nullable Long waitMillis, @Nullable Long workMillis) {

        Entry {
            sentAgainAt = List.copyOf(sentAgainAt);
        }
    }

    static CheckoutDetails of(OrderId order, List<CheckoutAttempt> attempts) {
        return new CheckoutDetails(order, attempts.stream().map(CheckoutDetails::attempt).toList());
    }

    private static Attempt attempt(CheckoutAttempt attempt) {
        return new Attempt(attempt.paymentId(), attempt.customer(), attempt.total(), attempt.state(), attempt.reason(), attempt.startedAt(),
                attempt.endedAt(), attempt.timeline().stream().map(CheckoutDetails::entry).toList(), attempt.interventions(),
                attempt.going() == null ? List.of() : attempt.going().ahead());
    }

    private static Entry entry(CheckoutAttempt.Entry entry) {
        Long millis = between(entry.askedAt(), entry.answeredAt());
        Long work = millis == null ? null : between(entry.sentAt(), entry.answeredAt());
        Long wait = work == null ? null : Math.max(0, millis - work);
        return new Entry(entry.step(), service(entry.step()), entry.step().isCompensation(), entry.productId(), entry.attempt(),
                entry.askedAt(), entry.sentAgainAt(), entry.answeredAt(), entry.answer(), millis, wait, work);
    }

    private static @Nullable Long between(@Nullable Instant from, @Nullable Instant to) {
        return from == null || to == null ? null : Math.max(0, Duration.between(from, to).toMillis());
    }

    private static String service(Step step) {
        return switch (step) {
            case TAKE_PAYMENT, REFUND_PAYMENT -> "payment";
            case DEDUCT_STOCK, RESTORE_STOCK -> "inventory";
            case USE_COUPON, RESTORE_COUPON -> "coupon";
            case COMPLETE_ORDER, FAIL_PAYMENT -> "order";
        };
    }
}
