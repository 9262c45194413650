package jangter.proof;

import static jangter.proof.Invariant.AT_REST_NOTHING_IS_UNFINISHED;
import static jangter.proof.Invariant.ONE_CHECKOUT_AT_A_TIME;
import static jangter.proof.Invariant.ONLY_WHAT_IS_COMPLETED_IS_SETTLED;
import static jangter.proof.Invariant.ONLY_WHAT_WAS_DONE_IS_UNDONE;
import static jangter.proof.Invariant.STEP_IS_DONE_ONCE_AND_AS_ORDERED;

import jangter.checkout.api.CheckoutEvent;
import jangter.coupon.api.CouponEvent;
import jangter.coupon.api.CouponEvent.CouponRestored;
import jangter.coupon.api.CouponEvent.CouponUseRefused;
import jangter.coupon.api.CouponEvent.CouponUseVoided;
import jangter.coupon.api.CouponEvent.CouponUsed;
import jangter.inventory.api.InventoryEvent;
import jangter.inventory.api.InventoryEvent.DeductionsSettled;
import jangter.inventory.api.InventoryEvent.StockDeducted;
import jangter.inventory.api.InventoryEvent.StockDeductionRefused;
import jangter.inventory.api.InventoryEvent.StockDeductionVoided;
import jangter.inventory.api.InventoryEvent.StockRestored;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.order.api.OrderEvent;
import jangter.order.api.OrderEvent.OrderCancelled;
import jangter.order.api.OrderEvent.OrderCompleted;
import jangter.order.api.OrderEvent.OrderPlaced;
import jangter.order.api.OrderEvent.PaymentFailed;
import jangter.order.api.OrderEvent.PaymentRequested;
import jangter.payment.api.PaymentEvent;
import jangter.payment.api.PaymentEvent.PaymentDeclined;
import jangter.payment.api.PaymentEvent.PaymentRefunded;
import jangter.payment.api.PaymentEvent.PaymentTaken;
import jangter.payment.api.PaymentEvent.PaymentVoided;
import jangter.payment.api.PaymentEvent.PaymentsSettled;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The orders that are neither completed nor cancelled, and their checkouts that have not ended. What has ended is forgotten, so a step
 * that is done or undone afterwards is seen as one that no open checkout can have asked for.
 */
final class OpenOrders {

    private final Findings findings;
    /** Each with the payment that it is being paid under, if it is. */
    private final Map<OrderId, Optional<PaymentId>> orders = new HashMap<>();
    private final Map<PaymentId, OpenCheckout> checkouts = new LinkedHashMap<>();
    private long placed;
    private long requested;
    private long completed;
    private long failed;

    OpenOrders(Findings findings) {
        this.findings = findings;
    }

    long placed() {
        return placed;
    }

    long requested() {
        return requested;
    }

    long completed() {
        return completed;
    }

    long failed() {
        return failed;
    }

    List<Report.Open> parked() {
        return checkouts.values().stream().filter(OpenCheckout::isParked).map(OpenCheckout::reported).toList();
    }

    List<Report.Open> unfinished() {
        return checkouts.values().stream().filter(checkout -> !checkout.isParked()).map(OpenCheckout::reported).toList();
    }

    void atRest(Findings all) {
        unfinished().forEach(open -> all.add(AT_REST_NOTHING_IS_UNFINISHED, open.orderId(),
                "Its checkout (" + open.paymentId() + ") is neither completed nor failed nor parked."));
    }

    // --- orders

    void on(OrderEvent event) {
        if (event instanceof OrderPlaced) {
            placed++;
            orders.put(event.orderId(), Optional.empty());
        } else if (event instanceof PaymentRequested request) {
            on(request);
        } else if (event instanceof OrderCompleted done) {
            end(done.orderId(), done.paymentId(), "completed").ifPresent(checkout -> checkout.checkCompleted(findings));
            orders.remove(done.orderId());
            completed++;
        } else if (event instanceof PaymentFailed failure) {
            end(failure.orderId(), failure.paymentId(), "failed").ifPresent(checkout -> checkout.checkFailed(findings));
            orders.computeIfPresent(failure.orderId(), (order, paying) -> Optional.empty());
            failed++;
        } else if (event instanceof OrderCancelled cancelled) {
            on(cancelled);
        }
    }

    private void on(PaymentRequested request) {
        requested++;
        Optional<PaymentId> paying = orders.get(request.orderId());
        if (paying == null) {
            findings.add(ONE_CHECKOUT_AT_A_TIME, request.orderId(), request.paymentId() + " is to pay it, but it is not open.");
        } else if (paying.isPresent()) {
            findings.add(ONE_CHECKOUT_AT_A_TIME, request.orderId(), request.paymentId() + " is to pay it while " + paying.get() + " does.");
        }
        orders.put(request.orderId(), Optional.of(request.paymentId()));
        checkouts.put(request.paymentId(), new OpenCheckout(request));
    }

    private Optional<OpenCheckout> end(OrderId order, PaymentId payment, String how) {
        OpenCheckout checkout = checkouts.remove(payment);
        if (checkout == null || !checkout.orderId().equals(order)) {
            findings.add(ONE_CHECKOUT_AT_A_TIME, order, payment + " " + how + ", but no such checkout of it is open.");
            return Optional.empty();
        }
        return Optional.of(checkout);
    }

    private void on(OrderCancelled cancelled) {
        Optional<PaymentId> paying = orders.remove(cancelled.orderId());
        if (paying == null) {
            findings.add(ONE_CHECKOUT_AT_A_TIME, cancelled.orderId(), "It was cancelled, but it is not open.");
        } else if (paying.isPresent()) {
            findings.add(ONE_CHECKOUT_AT_A_TIME, cancelled.orderId(), "It was cancelled while " + paying.get() + " pays it.");
        }
    }

    // --- steps

    void on(PaymentEvent event) {
        if (event instanceof PaymentTaken taken) {
            step(taken.orderId(), taken.paymentId(), "took " + taken.amount() + " from " + taken.walletId(), c -> c.on(taken, findings));
        } else if (event instanceof PaymentRefunded refunded) {
            undoing(refunded.orderId(), refunded.paymentId(), "refunded " + refunded.amount() + " to " + refunded.walletId(),
                    c -> c.on(refunded, findings));
        } else if (event instanceof PaymentDeclined declined) {
            nothing(declined.paymentId(), OpenCheckout::withoutPayment);
        } else if (event instanceof PaymentVoided voided) {
            nothing(voided.paymentId(), OpenCheckout::withoutPayment);
        } else if (event instanceof PaymentsSettled settled) {
            settled(settled.walletId(), settled.payments());
        }
    }

    void on(InventoryEvent event) {
        if (event instanceof StockDeducted deducted) {
            step(deducted.orderId(), deducted.paymentId(), "deducted " + deducted.quantity() + " of " + deducted.productId(),
                    c -> c.on(deducted, findings));
        } else if (event instanceof StockRestored restored) {
            undoing(restored.orderId(), restored.paymentId(), "restored " + restored.quantity() + " of " + restored.productId(),
                    c -> c.on(restored, findings));
        } else if (event instanceof StockDeductionRefused refused) {
            nothing(refused.paymentId(), checkout -> checkout.without(refused.productId()));
        } else if (event instanceof StockDeductionVoided voided) {
            nothing(voided.paymentId(), checkout -> checkout.without(voided.productId()));
        } else if (event instanceof DeductionsSettled settled) {
            settled(settled.productId(), settled.payments());
        }
    }

    void on(CouponEvent event) {
        if (event instanceof CouponUsed used) {
            step(used.orderId(), used.paymentId(), "used " + used.couponId(), checkout -> checkout.on(used, findings));
        } else if (event instanceof CouponRestored restored) {
            undoing(restored.orderId(), restored.paymentId(), "restored " + restored.couponId(), checkout -> checkout.on(restored, findings));
        } else if (event instanceof CouponUseRefused refused) {
            nothing(refused.paymentId(), OpenCheckout::withoutCoupon);
        } else if (event instanceof CouponUseVoided voided) {
            nothing(voided.paymentId(), OpenCheckout::withoutCoupon);
        }
    }

    void on(CheckoutEvent event) {
        OpenCheckout checkout = checkouts.get(event.paymentId());
        if (checkout != null) {
            checkout.on(event);
        }
    }

    private void step(OrderId order, PaymentId payment, String what, Consumer<OpenCheckout> check) {
        OpenCheckout checkout = checkouts.get(payment);
        if (checkout == null || !checkout.orderId().equals(order)) {
            findings.add(STEP_IS_DONE_ONCE_AND_AS_ORDERED, order, payment + " " + what + ", but no such checkout is open.");
            return;
        }
        check.accept(checkout);
    }

    private void undoing(OrderId order, PaymentId payment, String what, Consumer<OpenCheckout> check) {
        OpenCheckout checkout = checkouts.get(payment);
        if (checkout == null || !checkout.orderId().equals(order)) {
            findings.add(ONLY_WHAT_WAS_DONE_IS_UNDONE, order, payment + " " + what + ", but no such checkout is open.");
            return;
        }
        check.accept(checkout);
    }

    /** A step that comes after its own undoing is refused, also when the checkout has long ended. */
    private void nothing(PaymentId payment, Consumer<OpenCheckout> note) {
        OpenCheckout checkout = checkouts.get(payment);
        if (checkout != null) {
            note.accept(checkout);
        }
    }

    private void settled(Object by, Collection<PaymentId> payments) {
        for (PaymentId payment : payments) {
            OpenCheckout checkout = checkouts.get(payment);
            if (checkout != null) {
                findings.add(ONLY_WHAT_IS_COMPLETED_IS_SETTLED, checkout.orderId(), by + " settled " + payment + ", which is still open.");
            }
        }
    }
}
