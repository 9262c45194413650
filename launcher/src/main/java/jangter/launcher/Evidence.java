package jangter.launcher;

import jangter.checkout.Pace;
import jangter.checkout.api.CheckoutEvent.TimerElapsed;
import jangter.coupon.api.CouponEvent.CouponIssued;
import jangter.kernel.PaymentId;
import jangter.order.api.FailureReason;
import jangter.order.api.OrderEvent.OrderCompleted;
import jangter.order.api.OrderEvent.OrderPlaced;
import jangter.order.api.OrderEvent.PaymentFailed;
import jangter.order.api.OrderEvent.PaymentRequested;
import jangter.payment.api.PaymentEvent.WalletCharged;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** What the store's events say of promises that are nobody's invariant: that what was confirmed is there, once, and that nobody gave up early. */
final class Evidence implements Consumer<StoredEvent> {

    private final List<String> ids = new ArrayList<>();
    private final Map<String, Integer> effects = new HashMap<>();
    private final Set<String> completed = new HashSet<>();
    private final Map<PaymentId, Waiting> waiting = new HashMap<>();
    private final List<String> gaveUpEarly = new ArrayList<>();
    private final Duration leastPatience;
    private int gaveUp;

    /** The first and the last time that a checkout's timer elapsed, by the clock of who keeps time. */
    private record Waiting(Instant first, Instant last) {
    }

    Evidence(Pace pace) {
        this.leastPatience = fromFirstTimerToLast(pace);
    }

    /** What lies between the first sending of a step going unanswered and the last one. */
    private static Duration fromFirstTimerToLast(Pace pace) {
        Duration all = Duration.ZERO;
        Duration wait = pace.firstWait();
        for (int sent = 2; sent <= pace.sendsBeforeUndoing(); sent++) {
            Duration doubled = wait.multipliedBy(2);
            wait = doubled.compareTo(pace.longestWait()) < 0 ? doubled : pace.longestWait();
            all = all.plus(wait);
        }
        return all;
    }

    @Override
    public void accept(StoredEvent event) {
        ids.add(event.id());
        Object payload = event.payload();
        if (payload instanceof WalletCharged charged) {
            effect(charged.chargeId());
        } else if (payload instanceof OrderPlaced placed) {
            effect(placed.orderId());
        } else if (payload instanceof CouponIssued issued) {
            effect(issued.couponId());
        } else if (payload instanceof PaymentRequested requested) {
            effect(requested.paymentId());
        } else if (payload instanceof OrderCompleted order) {
            completed.add(order.orderId().toString());
        } else if (payload instanceof TimerElapsed elapsed) {
            waiting.merge(elapsed.paymentId(), new Waiting(event.at(), event.at()), (known, now) -> new Waiting(known.first(), now.last()));
        } else if (payload instanceof PaymentFailed failed && failed.reason() == FailureReason.NOT_ANSWERED) {
            gaveUp(failed);
        }
    }

    private void effect(Object id) {
        effects.merge(id.toString(), 1, Integer::sum);
    }

    /** Compensating takes time too, so this is the least: that between the first timer and the last there was as much as the pace says. */
    private void gaveUp(PaymentFailed failed) {
        gaveUp++;
        Waiting waited = waiting.get(failed.paymentId());
        if (waited == null || Duration.between(waited.first(), waited.last()).compareTo(leastPatience) < 0) {
            gaveUpEarly.add(failed.paymentId() + " was given up after " + (waited == null ? "no wait" : Duration.between(waited.first(), waited.last())));
        }
    }

    /** What was confirmed and is missing, or is there twice. */
    List<String> missingOrTwice(Collection<String> confirmed) {
        return confirmed.stream().filter(id -> effects.getOrDefault(id, 0) != 1).map(id -> id + " is there " + effects.getOrDefault(id, 0) + " times").toList();
    }

    /** The orders that are not completed though a customer was told so. */
    List<String> notCompleted(Collection<String> told) {
        return told.stream().filter(order -> !completed.contains(order)).toList();
    }

    /** The places where once another event was seen than now. */
    List<String> changedSince(List<String> seen) {
        List<String> changed = new ArrayList<>();
        for (int at = 0; at < seen.size(); at++) {
            if (at >= ids.size() || !ids.get(at).equals(seen.get(at))) {
                changed.add("event " + at + " was " + seen.get(at) + " and is " + (at < ids.size() ? ids.get(at) : "gone"));
            }
        }
        return changed;
    }

    /** How many checkouts were given up because nobody answered. */
    int gaveUp() {
        return gaveUp;
    }

    /** Those that had not waited as long as they should. */
    List<String> gaveUpEarly() {
        return gaveUpEarly;
    }
}
