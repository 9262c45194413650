package jangter.checkout;

import jangter.checkout.Checkout.Mark;
import jangter.checkout.api.Step;
import jangter.coupon.api.CouponEvent;
import jangter.coupon.api.CouponEvent.CouponRestored;
import jangter.coupon.api.CouponEvent.CouponUseRefused;
import jangter.coupon.api.CouponEvent.CouponUseVoided;
import jangter.coupon.api.CouponEvent.CouponUsed;
import jangter.inventory.api.InventoryEvent;
import jangter.inventory.api.InventoryEvent.StockDeducted;
import jangter.inventory.api.InventoryEvent.StockDeductionRefused;
import jangter.inventory.api.InventoryEvent.StockDeductionVoided;
import jangter.inventory.api.InventoryEvent.StockRestored;
import jangter.kernel.ProductId;
import jangter.order.api.FailureReason;
import jangter.payment.api.PaymentEvent;
import jangter.payment.api.PaymentEvent.PaymentDeclined;
import jangter.payment.api.PaymentEvent.PaymentRefunded;
import jangter.payment.api.PaymentEvent.PaymentTaken;
import jangter.payment.api.PaymentEvent.PaymentVoided;
import org.jspecify.annotations.Nullable;

/**
 * What an event of another context says about a part of the checkout.
 *
 * @param step the forward step that was done, refused or undone
 * @param product of a step that concerns products: which one
 * @param mark {@link Mark#DONE}, or {@link Mark#GONE} if nothing of it is there, nor ever will be
 * @param reason why the payment fails if something is gone that it needs
 */
record Answer(Step step, @Nullable ProductId product, Mark mark, FailureReason reason) {

    /** Nothing if the event is not an answer. */
    static @Nullable Answer in(Object event) {
        if (event instanceof PaymentEvent payment) {
            return in(payment);
        }
        if (event instanceof InventoryEvent stock) {
            return in(stock);
        }
        return event instanceof CouponEvent coupon ? in(coupon) : null;
    }

    private static @Nullable Answer in(PaymentEvent event) {
        if (event instanceof PaymentTaken) {
            return done(Step.TAKE_PAYMENT, null);
        }
        if (event instanceof PaymentDeclined declined) {
            return gone(Step.TAKE_PAYMENT, null, reason(declined));
        }
        return event instanceof PaymentRefunded || event instanceof PaymentVoided ? undone(Step.TAKE_PAYMENT, null) : null;
    }

    private static @Nullable Answer in(InventoryEvent event) {
        if (event instanceof StockDeducted) {
            return done(Step.DEDUCT_STOCK, event.productId());
        }
        if (event instanceof StockDeductionRefused refused) {
            return gone(Step.DEDUCT_STOCK, event.productId(), reason(refused));
        }
        return event instanceof StockRestored || event instanceof StockDeductionVoided ? undone(Step.DEDUCT_STOCK, event.productId()) : null;
    }

    private static @Nullable Answer in(CouponEvent event) {
        if (event instanceof CouponUsed) {
            return done(Step.USE_COUPON, null);
        }
        if (event instanceof CouponUseRefused refused) {
            return gone(Step.USE_COUPON, null, reason(refused));
        }
        return event instanceof CouponRestored || event instanceof CouponUseVoided ? undone(Step.USE_COUPON, null) : null;
    }

    private static FailureReason reason(PaymentDeclined declined) {
        return switch (declined.reason()) {
            case INSUFFICIENT_BALANCE -> FailureReason.INSUFFICIENT_BALANCE;
            case OTHER_CURRENCY -> FailureReason.WALLET_UNUSABLE;
            case VOIDED, TOO_LATE -> FailureReason.NOT_ANSWERED;
        };
    }

    private static FailureReason reason(StockDeductionRefused refused) {
        return switch (refused.reason()) {
            case OUT_OF_STOCK, UNKNOWN_PRODUCT -> FailureReason.OUT_OF_STOCK;
            case VOIDED, TOO_LATE -> FailureReason.NOT_ANSWERED;
        };
    }

    private static FailureReason reason(CouponUseRefused refused) {
        return switch (refused.reason()) {
            case UNKNOWN_COUPON, NOT_THE_OWNER, ALREADY_USED, EXPIRED, OTHER_DISCOUNT -> FailureReason.COUPON_UNUSABLE;
            case VOIDED, TOO_LATE -> FailureReason.NOT_ANSWERED;
        };
    }

    private static Answer done(Step step, @Nullable ProductId product) {
        return new Answer(step, product, Mark.DONE, FailureReason.NOT_ANSWERED);
    }

    private static Answer undone(Step step, @Nullable ProductId product) {
        return gone(step, product, FailureReason.NOT_ANSWERED);
    }

    private static Answer gone(Step step, @Nullable ProductId product, FailureReason reason) {
        return new Answer(step, product, Mark.GONE, reason);
    }
}
