package jangter.checkout;

import jangter.checkout.Checkout.State;
import jangter.checkout.Turn.Ask;
import jangter.checkout.Turn.Part;
import jangter.checkout.api.Reason;
import jangter.checkout.api.Step;
import jangter.kernel.CustomerId;
import jangter.kernel.Money;
import jangter.kernel.PaymentId;
import jangter.kernel.ProductId;
import jangter.order.api.FailureReason;
import jangter.order.api.OrderEvent.PaymentRequested;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to pay an order, as its page shows it: the checkout that its events make, and when they made it do what. Since a checkout
 * depends on its events alone, this is the very checkout that the saga has.
 *
 * @param customer nothing in a view from before this was kept, until it is rebuilt; nor is {@code total} there
 * @param round see {@link Checkout#round}: what a retry names
 * @param interventions what operators wanted, with or without effect
 * @param going the checkout, until it has ended
 */
record CheckoutAttempt(PaymentId paymentId, @Nullable CustomerId customer, @Nullable Money total, State state, int round, Instant startedAt,
        Instant changedAt, @Nullable Instant endedAt, @Nullable FailureReason reason, List<Entry> timeline,
        List<Intervention> interventions, @Nullable Checkout going) {

    /**
     * A step, or one product's part of it.
     *
     * @param askedAt when it became due; its first command went out then, or as soon as the saga heard of it
     * @param attempt how often it was sent, since it became due or since an operator had it tried again
     * @param sentAgainAt when each further sending became due
     * @param sentAt when the command was sent whose answer came; nothing if the answering event does not tell
     * @param answer the event that answered it
     */
    record Entry(Step step, @Nullable ProductId productId, Instant askedAt, int attempt, List<Instant> sentAgainAt,
            @Nullable Instant sentAt, @Nullable Instant answeredAt, @Nullable String answer) {

        Entry {
            sentAgainAt = List.copyOf(sentAgainAt);
        }

        private boolean waitsFor(@Nullable Part part) {
            return answeredAt == null && new Part(step, productId).equals(part);
        }

        private Entry sentAgain(int times, Instant at) {
            return new Entry(step, productId, askedAt, times, Stream.concat(sentAgainAt.stream(), Stream.of(at)).toList(), null, null, null);
        }

        private Entry answered(String event, Instant at, @Nullable Instant commandSentAt) {
            return new Entry(step, productId, askedAt, attempt, sentAgainAt, commandSentAt, at, event);
        }
    }

    /**
     * What an operator wanted.
     *
     * @param reason nothing if none was asked for at that time
     * @param hadEffect whether it came in time
     */
    record Intervention(Wish what, CustomerId by, @Nullable Reason reason, Instant at, boolean hadEffect) {

        private boolean isSameAs(Intervention other) {
            return what == other.what && by.equals(other.by) && at.equals(other.at);
        }
    }

    CheckoutAttempt {
        timeline = List.copyOf(timeline);
        interventions = List.copyOf(interventions);
    }

    static CheckoutAttempt start(PaymentRequested request, Instant at) {
        Turn turn = Checkout.start(request, at, at, Pace.USUAL);
        return after(request.customerId(), request.total(), turn, at, at, asked(List.of(), turn.asks(), at), List.of());
    }

    /**
     * What an event makes of it: itself if the event says nothing.
     *
     * @param sentAt when the command was sent that led to the event, if that is known
     */
    CheckoutAttempt on(Object event, Instant at, @Nullable Instant sentAt) {
        Turn turn = going == null ? null : going.on(event, at, Pace.USUAL);
        boolean moved = turn != null && !turn.checkout().equals(going);
        List<Intervention> stepped = Wish.in(event, at, moved).map(this::with).orElse(interventions);
        if (!moved) {
            return stepped == interventions ? this : with(stepped);
        }
        List<Entry> answered = answered(timeline, turn.answered(), event.getClass().getSimpleName(), at, sentAt);
        return after(customer, total, turn, startedAt, at, asked(answered, turn.asks(), at), stepped);
    }

    private static CheckoutAttempt after(@Nullable CustomerId customer, @Nullable Money total, Turn turn, Instant startedAt, Instant at,
            List<Entry> timeline, List<Intervention> interventions) {
        Checkout checkout = turn.checkout();
        boolean ended = checkout.state().hasEnded();
        return new CheckoutAttempt(checkout.paymentId(), customer, total, checkout.state(), checkout.round(), startedAt, at, ended ? at : null,
                checkout.reason(), timeline, interventions, ended ? null : checkout);
    }

    /** An event that comes again says nothing. */
    private List<Intervention> with(Intervention one) {
        return interventions.stream().anyMatch(one::isSameAs) ? interventions : Stream.concat(interventions.stream(), Stream.of(one)).toList();
    }

    private CheckoutAttempt with(List<Intervention> stepped) {
        return new CheckoutAttempt(paymentId, customer, total, state, round, startedAt, changedAt, endedAt, reason, timeline, stepped, going);
    }

    private static List<Entry> answered(List<Entry> timeline, @Nullable Part part, String answer, Instant at, @Nullable Instant sentAt) {
        return timeline.stream().map(entry -> entry.waitsFor(part) ? entry.answered(answer, at, sentAt) : entry).toList();
    }

    private static List<Entry> asked(List<Entry> timeline, List<Ask> asks, Instant at) {
        List<Entry> longer = new ArrayList<>(timeline);
        for (Ask ask : asks) {
            if (longer.stream().noneMatch(entry -> entry.waitsFor(ask.part()))) {
                longer.add(new Entry(ask.part().step(), ask.part().product(), at, ask.attempt(), List.of(), null, null, null));
            } else {
                longer.replaceAll(entry -> entry.waitsFor(ask.part()) ? entry.sentAgain(ask.attempt(), at) : entry);
            }
        }
        return longer;
    }
}
