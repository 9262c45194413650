package jangter.checkout;

import jangter.checkout.Checkout.State;
import jangter.checkout.Turn.Ask;
import jangter.checkout.Turn.Part;
import jangter.checkout.api.Step;
import jangter.kernel.PaymentId;
import jangter.kernel.ProductId;
import jangter.order.api.FailureReason;
import jangter.order.api.OrderEvent.PaymentRequested;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to pay an order, as its page shows it: the checkout that its events make, and when they made it do what. Since a checkout
 * depends on its events alone, this is the very checkout that the saga has.
 *
 * @param round see {@link Checkout#round}: what a retry names
 * @param going the checkout, until it has ended
 */
record CheckoutAttempt(PaymentId paymentId, State state, int round, Instant startedAt, Instant changedAt, @Nullable Instant endedAt,
        @Nullable FailureReason reason, List<Entry> timeline, @Nullable Checkout going) {

    /**
     * A step, or one product's part of it.
     *
     * @param askedAt when it became due; its first command went out then, or as soon as the saga heard of it
     * @param attempt how often it was sent, since it became due or since an operator had it tried again
     * @param answer the event that answered it
     */
    record Entry(Step step, @Nullable ProductId productId, Instant askedAt, int attempt, @Nullable Instant answeredAt,
            @Nullable String answer) {

        private boolean waitsFor(@Nullable Part part) {
            return answeredAt == null && new Part(step, productId).equals(part);
        }
    }

    CheckoutAttempt {
        timeline = List.copyOf(timeline);
    }

    static CheckoutAttempt start(PaymentRequested request, Instant at) {
        Turn turn = Checkout.start(request, at, at, Pace.USUAL);
        return after(turn, at, at, asked(List.of(), turn.asks(), at));
    }

    /** What an event makes of it: itself if the event says nothing. */
    CheckoutAttempt on(Object event, Instant at) {
        if (going == null) {
            return this;
        }
        Turn turn = going.on(event, at, Pace.USUAL);
        if (turn.checkout().equals(going)) {
            return this;
        }
        List<Entry> answered = answered(timeline, turn.answered(), event.getClass().getSimpleName(), at);
        return after(turn, startedAt, at, asked(answered, turn.asks(), at));
    }

    private static CheckoutAttempt after(Turn turn, Instant startedAt, Instant at, List<Entry> timeline) {
        Checkout checkout = turn.checkout();
        boolean ended = checkout.state().hasEnded();
        return new CheckoutAttempt(checkout.paymentId(), checkout.state(), checkout.round(), startedAt, at, ended ? at : null,
                checkout.reason(), timeline, ended ? null : checkout);
    }

    private static List<Entry> answered(List<Entry> timeline, @Nullable Part part, String answer, Instant at) {
        return timeline.stream()
                .map(entry -> entry.waitsFor(part) ? new Entry(entry.step, entry.productId, entry.askedAt, entry.attempt, at, answer) : entry)
                .toList();
    }

    private static List<Entry> asked(List<Entry> timeline, List<Ask> asks, Instant at) {
        List<Entry> longer = new ArrayList<>(timeline);
        for (Ask ask : asks) {
            if (longer.stream().noneMatch(entry -> entry.waitsFor(ask.part()))) {
                longer.add(new Entry(ask.part().step(), ask.part().product(), at, ask.attempt(), null, null));
            } else {
                longer.replaceAll(entry -> entry.waitsFor(ask.part())
                        ? new Entry(entry.step, entry.productId, entry.askedAt, ask.attempt(), null, null) : entry);
            }
        }
        return longer;
    }
}
