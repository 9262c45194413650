package jangter.checkout;

import jangter.checkout.api.CheckoutEvent.CheckoutHeld;
import jangter.checkout.api.CheckoutEvent.CheckoutParked;
import jangter.checkout.api.CheckoutEvent.CompensationRequested;
import jangter.checkout.api.CheckoutEvent.CompensationStarted;
import jangter.checkout.api.CheckoutEvent.ParkingRequested;
import jangter.checkout.api.CheckoutEvent.RetryRequested;
import jangter.checkout.api.CheckoutEvent.StepSentAgain;
import jangter.checkout.api.CheckoutEvent.TimerElapsed;
import jangter.checkout.api.Reason;
import jangter.checkout.api.Step;
import jangter.coupon.api.CouponCommand.RestoreCoupon;
import jangter.coupon.api.CouponCommand.UseCoupon;
import jangter.coupon.api.CouponEvent;
import jangter.coupon.api.CouponEvent.CouponRestored;
import jangter.coupon.api.CouponEvent.CouponUseRefused;
import jangter.coupon.api.CouponEvent.CouponUseVoided;
import jangter.coupon.api.CouponEvent.CouponUsed;
import jangter.inventory.api.InventoryCommand.DeductStock;
import jangter.inventory.api.InventoryCommand.RestoreStock;
import jangter.inventory.api.InventoryEvent;
import jangter.inventory.api.InventoryEvent.StockDeducted;
import jangter.inventory.api.InventoryEvent.StockDeductionRefused;
import jangter.inventory.api.InventoryEvent.StockDeductionVoided;
import jangter.inventory.api.InventoryEvent.StockRestored;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.Money;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import jangter.kernel.WalletId;
import jangter.order.api.AppliedCoupon;
import jangter.order.api.Basket;
import jangter.order.api.FailureReason;
import jangter.order.api.OrderCommand.CompleteOrder;
import jangter.order.api.OrderCommand.FailPayment;
import jangter.order.api.OrderEvent.OrderCompleted;
import jangter.order.api.OrderEvent.PaymentFailed;
import jangter.order.api.OrderEvent.PaymentRequested;
import jangter.order.api.OrderLine;
import jangter.payment.api.PaymentCommand.RefundPayment;
import jangter.payment.api.PaymentCommand.TakePayment;
import jangter.payment.api.PaymentEvent.DeclineReason;
import jangter.payment.api.PaymentEvent.PaymentDeclined;
import jangter.payment.api.PaymentEvent.PaymentRefunded;
import jangter.payment.api.PaymentEvent.PaymentTaken;
import jangter.payment.api.PaymentEvent.PaymentVoided;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One customer's order, and all that can be said about its payment. */
final class Sample {

    static final PaymentId PAYMENT = new PaymentId("payment-1");
    static final OrderId ORDER = new OrderId("order-1");
    static final CustomerId ALICE = new CustomerId("alice");
    static final CustomerId OPERATOR = new CustomerId("olga");
    static final Reason REASON = new Reason("The customer called.");
    static final WalletId WALLET = WalletId.of(ALICE);
    static final CouponId COUPON = new CouponId("coupon-1");
    static final ProductId TEA = new ProductId("product-tea");
    static final ProductId CUP = new ProductId("product-cup");
    static final ProductId POT = new ProductId("product-pot");
    static final Quantity TWO = new Quantity(2);
    static final Money DISCOUNT = Money.of(500, "KRW");
    static final Instant REQUESTED_AT = Instant.parse("2026-11-22T10:00:00Z");
    static final Instant NOW = REQUESTED_AT.plusSeconds(3);

    /** Three sendings forward, four back, waits of 2, 4 and then 5 seconds. */
    static final Pace PACE = new Pace(Duration.ofSeconds(2), Duration.ofSeconds(5), 3, 4, Duration.ofMinutes(30));

    private Sample() {
    }

    // --- orders

    static PaymentRequested requested(@Nullable AppliedCoupon coupon, ProductId... products) {
        Basket basket = new Basket(Stream.of(products).map(product -> new OrderLine(product, TWO, Money.of(1_000, "KRW"))).toList(), coupon);
        return new PaymentRequested(ORDER, PAYMENT, ALICE, basket, basket.total());
    }

    static PaymentRequested oneLine() {
        return requested(null, TEA);
    }

    static PaymentRequested oneLineAndCoupon() {
        return requested(new AppliedCoupon(COUPON, DISCOUNT), TEA);
    }

    static PaymentRequested threeLines() {
        return requested(null, TEA, CUP, POT);
    }

    static PaymentRequested threeLinesAndCoupon() {
        return requested(new AppliedCoupon(COUPON, DISCOUNT), TEA, CUP, POT);
    }

    // --- payment

    static TakePayment takePayment(PaymentRequested request) {
        return new TakePayment(WALLET, PAYMENT, ORDER, request.total(), REQUESTED_AT);
    }

    static RefundPayment refundPayment() {
        return new RefundPayment(WALLET, PAYMENT, ORDER, REQUESTED_AT);
    }

    static PaymentTaken taken() {
        return new PaymentTaken(WALLET, PAYMENT, ORDER, Money.of(2_000, "KRW"), Money.of(8_000, "KRW"), REQUESTED_AT);
    }

    static PaymentDeclined declined(DeclineReason reason) {
        return new PaymentDeclined(WALLET, PAYMENT, ORDER, Money.of(2_000, "KRW"), reason, REQUESTED_AT);
    }

    static PaymentRefunded refunded() {
        return new PaymentRefunded(WALLET, PAYMENT, ORDER, Money.of(2_000, "KRW"), Money.of(10_000, "KRW"), REQUESTED_AT);
    }

    static PaymentVoided paymentVoided() {
        return new PaymentVoided(WALLET, PAYMENT, ORDER, REQUESTED_AT);
    }

    // --- stock

    static DeductStock deductStock(ProductId product) {
        return new DeductStock(product, PAYMENT, ORDER, TWO, REQUESTED_AT);
    }

    static RestoreStock restoreStock(ProductId product) {
        return new RestoreStock(product, PAYMENT, ORDER, REQUESTED_AT);
    }

    static StockDeducted deducted(ProductId product) {
        return new StockDeducted(product, PAYMENT, ORDER, TWO, new Quantity(8), REQUESTED_AT);
    }

    static StockDeductionRefused deductionRefused(ProductId product, InventoryEvent.RefusedBecause reason) {
        return new StockDeductionRefused(product, PAYMENT, ORDER, TWO, reason, REQUESTED_AT);
    }

    static StockDeductionRefused outOfStock(ProductId product) {
        return deductionRefused(product, InventoryEvent.RefusedBecause.OUT_OF_STOCK);
    }

    static StockRestored restored(ProductId product) {
        return new StockRestored(product, PAYMENT, ORDER, TWO, new Quantity(10), REQUESTED_AT);
    }

    static StockDeductionVoided deductionVoided(ProductId product) {
        return new StockDeductionVoided(product, PAYMENT, ORDER, REQUESTED_AT);
    }

    // --- coupon

    static UseCoupon useCoupon(PaymentRequested request) {
        return new UseCoupon(COUPON, PAYMENT, ORDER, ALICE, request.basket().price(), DISCOUNT, REQUESTED_AT);
    }

    static RestoreCoupon restoreCoupon() {
        return new RestoreCoupon(COUPON, PAYMENT, ORDER, REQUESTED_AT);
    }

    static CouponUsed couponUsed() {
        return new CouponUsed(COUPON, PAYMENT, ORDER, ALICE, DISCOUNT, REQUESTED_AT);
    }

    static CouponUseRefused couponRefused(CouponEvent.RefusedBecause reason) {
        return new CouponUseRefused(COUPON, PAYMENT, ORDER, reason, REQUESTED_AT);
    }

    static CouponRestored couponRestored() {
        return new CouponRestored(COUPON, PAYMENT, ORDER, ALICE, REQUESTED_AT);
    }

    static CouponUseVoided couponVoided() {
        return new CouponUseVoided(COUPON, PAYMENT, ORDER, REQUESTED_AT);
    }

    // --- order

    static CompleteOrder completeOrder() {
        return new CompleteOrder(ORDER, PAYMENT);
    }

    static OrderCompleted completed(PaymentRequested request) {
        return new OrderCompleted(ORDER, PAYMENT, ALICE, request.basket());
    }

    static FailPayment failPayment(FailureReason reason) {
        return new FailPayment(ORDER, PAYMENT, reason, NOW.plus(PACE.timeToPayAgain()));
    }

    static PaymentFailed failed(FailureReason reason) {
        return new PaymentFailed(ORDER, PAYMENT, reason, NOW.plus(PACE.timeToPayAgain()));
    }

    // --- checkout

    static TimerElapsed elapsed(int round) {
        return new TimerElapsed(PAYMENT, ORDER, round, false);
    }

    static TimerElapsed lastElapsed(int round) {
        return new TimerElapsed(PAYMENT, ORDER, round, true);
    }

    static StepSentAgain sentAgain(Step step, int attempt) {
        return new StepSentAgain(PAYMENT, ORDER, step, attempt);
    }

    static CompensationStarted compensationStarted(FailureReason reason) {
        return new CompensationStarted(PAYMENT, ORDER, reason);
    }

    static CheckoutParked parked(Step step) {
        return new CheckoutParked(PAYMENT, ORDER, step);
    }

    static CompensationRequested callOff() {
        return new CompensationRequested(PAYMENT, ORDER, OPERATOR, REASON);
    }

    static ParkingRequested park(int round) {
        return new ParkingRequested(PAYMENT, ORDER, round, OPERATOR, REASON);
    }

    static CheckoutHeld held(Step step, int round) {
        return new CheckoutHeld(PAYMENT, ORDER, step, round);
    }

    static RetryRequested retry(int round) {
        return new RetryRequested(PAYMENT, ORDER, round, OPERATOR, REASON);
    }
}
