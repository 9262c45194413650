package jangter.proof;

import static jangter.proof.Invariant.COMPLETED_HAS_USED_ITS_COUPON;
import static jangter.proof.Invariant.COMPLETED_IS_DEDUCTED;
import static jangter.proof.Invariant.COMPLETED_IS_PAID;
import static jangter.proof.Invariant.FAILED_KEEPS_NOTHING;
import static jangter.proof.Invariant.ONLY_WHAT_WAS_DONE_IS_UNDONE;
import static jangter.proof.Invariant.STEP_IS_DONE_ONCE_AND_AS_ORDERED;

import jangter.checkout.api.CheckoutEvent;
import jangter.checkout.api.CheckoutEvent.CheckoutHeld;
import jangter.checkout.api.CheckoutEvent.CheckoutParked;
import jangter.checkout.api.CheckoutEvent.CompensationStarted;
import jangter.checkout.api.CheckoutEvent.RetryRequested;
import jangter.checkout.api.CheckoutEvent.TimerElapsed;
import jangter.checkout.api.Step;
import jangter.coupon.api.CouponEvent.CouponRestored;
import jangter.coupon.api.CouponEvent.CouponUsed;
import jangter.inventory.api.InventoryEvent.StockDeducted;
import jangter.inventory.api.InventoryEvent.StockRestored;
import jangter.kernel.OrderId;
import jangter.kernel.ProductId;
import jangter.kernel.WalletId;
import jangter.order.api.AppliedCoupon;
import jangter.order.api.OrderEvent.PaymentRequested;
import jangter.order.api.OrderLine;
import jangter.payment.api.PaymentEvent.PaymentRefunded;
import jangter.payment.api.PaymentEvent.PaymentTaken;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What has been done, and not undone, for a payment whose checkout has not ended. */
final class OpenCheckout {

    /** What has become of one thing. */
    private enum Mark { NOTHING_YET, THERE, GONE }

    private final PaymentRequested request;
    private Mark payment = Mark.NOTHING_YET;
    private final Map<ProductId, Mark> stock = new HashMap<>();
    private Mark coupon;
    private @Nullable Step parkedAt;
    private int lastTimer;
    private int retriedTimer;
    private @Nullable Step heldAt;
    private int heldTimer;
    private boolean turnedBack;

    OpenCheckout(PaymentRequested request) {
        this.request = request;
        this.coupon = request.basket().coupon() == null ? Mark.GONE : Mark.NOTHING_YET;
        request.basket().lines().forEach(line -> stock.put(line.productId(), Mark.NOTHING_YET));
    }

    OrderId orderId() {
        return request.orderId();
    }

    Report.Open reported() {
        return new Report.Open(request.orderId(), request.paymentId(), isHeld() ? heldAt : isParkedByItself() ? parkedAt : null);
    }

    // --- done

    void on(PaymentTaken taken, Findings findings) {
        if (payment == Mark.THERE) {
            findings.add(STEP_IS_DONE_ONCE_AND_AS_ORDERED, orderId(), taken.paymentId() + " took " + taken.amount() + " once more.");
        }
        if (!taken.amount().equals(request.total()) || !taken.walletId().equals(WalletId.of(request.customerId()))) {
            findings.add(STEP_IS_DONE_ONCE_AND_AS_ORDERED, orderId(), taken.paymentId() + " took " + taken.amount() + " from " + taken.walletId()
                    + ", but " + request.customerId() + " owes " + request.total() + ".");
        }
        payment = Mark.THERE;
    }

    void on(StockDeducted deducted, Findings findings) {
        if (stock.get(deducted.productId()) == Mark.THERE) {
            findings.add(STEP_IS_DONE_ONCE_AND_AS_ORDERED, orderId(), deducted.paymentId() + " deducted " + deducted.productId() + " once more.");
        }
        if (request.basket().lines().stream().noneMatch(line -> isOf(line, deducted))) {
            findings.add(STEP_IS_DONE_ONCE_AND_AS_ORDERED, orderId(),
                    deducted.paymentId() + " deducted " + deducted.quantity() + " of " + deducted.productId() + ", which was not ordered.");
        }
        stock.put(deducted.productId(), Mark.THERE);
    }

    private static boolean isOf(OrderLine line, StockDeducted deducted) {
        return line.productId().equals(deducted.productId()) && line.quantity().equals(deducted.quantity());
    }

    void on(CouponUsed used, Findings findings) {
        if (!new AppliedCoupon(used.couponId(), used.discount()).equals(request.basket().coupon())) {
            findings.add(STEP_IS_DONE_ONCE_AND_AS_ORDERED, orderId(),
                    used.paymentId() + " used " + used.couponId() + " for " + used.discount() + ", which was not ordered.");
        }
        coupon = Mark.THERE;
    }

    // --- undone

    void on(PaymentRefunded refunded, Findings findings) {
        if (payment != Mark.THERE || !refunded.amount().equals(request.total())) {
            findings.add(ONLY_WHAT_WAS_DONE_IS_UNDONE, orderId(),
                    refunded.paymentId() + " refunded " + refunded.amount() + ", which it had not taken.");
        }
        withoutPayment();
    }

    void on(StockRestored restored, Findings findings) {
        boolean ordered = request.basket().lines().stream()
                .anyMatch(line -> line.productId().equals(restored.productId()) && line.quantity().equals(restored.quantity()));
        if (stock.get(restored.productId()) != Mark.THERE || !ordered) {
            findings.add(ONLY_WHAT_WAS_DONE_IS_UNDONE, orderId(),
                    restored.paymentId() + " restored " + restored.quantity() + " of " + restored.productId() + ", which it had not deducted.");
        }
        without(restored.productId());
    }

    void on(CouponRestored restored, Findings findings) {
        if (coupon != Mark.THERE) {
            findings.add(ONLY_WHAT_WAS_DONE_IS_UNDONE, orderId(), restored.paymentId() + " restored " + restored.couponId()
                    + ", which it had not used.");
        }
        withoutCoupon();
    }

    void withoutPayment() {
        payment = Mark.GONE;
    }

    void without(ProductId product) {
        stock.put(product, Mark.GONE);
    }

    void withoutCoupon() {
        coupon = Mark.GONE;
    }

    // --- the end

    void checkCompleted(Findings findings) {
        if (payment != Mark.THERE) {
            findings.add(COMPLETED_IS_PAID, orderId(), "It is completed, but " + request.total() + " of " + request.paymentId() + " is not taken.");
        }
        for (OrderLine line : request.basket().lines()) {
            if (stock.get(line.productId()) != Mark.THERE) {
                findings.add(COMPLETED_IS_DEDUCTED, orderId(),
                        "It is completed, but " + line.quantity() + " of " + line.productId() + " are not deducted.");
            }
        }
        if (request.basket().coupon() != null && coupon != Mark.THERE) {
            findings.add(COMPLETED_HAS_USED_ITS_COUPON, orderId(), "It is completed, but " + request.basket().coupon().couponId() + " is not used.");
        }
    }

    void checkFailed(Findings findings) {
        if (payment == Mark.THERE) {
            findings.add(FAILED_KEEPS_NOTHING, orderId(), request.paymentId() + " failed, but " + request.total() + " is not refunded.");
        }
        stock.forEach((product, mark) -> {
            if (mark == Mark.THERE) {
                findings.add(FAILED_KEEPS_NOTHING, orderId(), request.paymentId() + " failed, but its pieces of " + product + " are not restored.");
            }
        });
        if (coupon == Mark.THERE) {
            findings.add(FAILED_KEEPS_NOTHING, orderId(), request.paymentId() + " failed, but its coupon is not restored.");
        }
    }

    // --- parked

    void on(CheckoutEvent event) {
        if (event instanceof TimerElapsed timer && timer.last()) {
            lastTimer = Math.max(lastTimer, timer.round());
        } else if (event instanceof RetryRequested retry) {
            retriedTimer = Math.max(retriedTimer, retry.round());
        } else if (event instanceof CheckoutParked parked) {
            parkedAt = parked.step();
        } else if (event instanceof CheckoutHeld held && held.round() > heldTimer) {
            heldTimer = held.round();
            heldAt = held.step();
        } else if (event instanceof CompensationStarted && !turnedBack) {
            turnedBack = true;
            // an operator may have had a checkout turn back that was held
            retriedTimer = Math.max(retriedTimer, heldTimer);
        }
    }

    boolean isParked() {
        return isHeld() || isParkedByItself();
    }

    /** That it is held may be told twice and late: it stands unless the timer that it was held at was retried since. */
    private boolean isHeld() {
        return heldAt != null && retriedTimer < heldTimer;
    }

    /**
     * A parking may be told twice and late: it stands unless the timer that led to it was retried since, or its step is answered after all.
     */
    private boolean isParkedByItself() {
        return parkedAt != null && retriedTimer < lastTimer && !isAnswered(parkedAt);
    }

    private boolean isAnswered(Step step) {
        return switch (step) {
            case RESTORE_COUPON -> coupon == Mark.GONE;
            case RESTORE_STOCK -> stock.values().stream().allMatch(Mark.GONE::equals);
            case REFUND_PAYMENT -> payment == Mark.GONE;
            default -> false;
        };
    }
}
