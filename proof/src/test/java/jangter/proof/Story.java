package jangter.proof;

import jangter.checkout.api.CheckoutEvent.CheckoutHeld;
import jangter.checkout.api.CheckoutEvent.CheckoutParked;
import jangter.checkout.api.CheckoutEvent.RetryRequested;
import jangter.checkout.api.CheckoutEvent.TimerElapsed;
import jangter.checkout.api.Reason;
import jangter.checkout.api.Step;
import jangter.coupon.api.CouponEvent.CampaignLaunched;
import jangter.coupon.api.CouponEvent.CouponClaimed;
import jangter.coupon.api.CouponEvent.CouponIssued;
import jangter.coupon.api.CouponEvent.CouponRestored;
import jangter.coupon.api.CouponEvent.CouponUsed;
import jangter.coupon.api.CouponEvent.CouponsClaimed;
import jangter.coupon.api.CouponEvent.CouponsClaimed.Claimed;
import jangter.coupon.api.Discount;
import jangter.coupon.api.Window;
import jangter.inventory.api.InventoryEvent.DeductionsSettled;
import jangter.inventory.api.InventoryEvent.ProductRegistered;
import jangter.inventory.api.InventoryEvent.StockAdded;
import jangter.inventory.api.InventoryEvent.StockDeducted;
import jangter.inventory.api.InventoryEvent.StockRestored;
import jangter.kernel.CampaignId;
import jangter.kernel.ChargeId;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.DeliveryId;
import jangter.kernel.Money;
import jangter.kernel.Name;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import jangter.kernel.WalletId;
import jangter.order.api.AppliedCoupon;
import jangter.order.api.Basket;
import jangter.order.api.CancelReason;
import jangter.order.api.FailureReason;
import jangter.order.api.OrderEvent.OrderCancelled;
import jangter.order.api.OrderEvent.OrderCompleted;
import jangter.order.api.OrderEvent.OrderPlaced;
import jangter.order.api.OrderEvent.PaymentFailed;
import jangter.order.api.OrderEvent.PaymentRequested;
import jangter.order.api.OrderLine;
import jangter.payment.api.PaymentEvent.PaymentRefunded;
import jangter.payment.api.PaymentEvent.PaymentTaken;
import jangter.payment.api.PaymentEvent.PaymentsSettled;
import jangter.payment.api.PaymentEvent.WalletCharged;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** What can happen to Alice, who orders two teas with a coupon, told event by event. */
final class Story {

    static final CustomerId ALICE = new CustomerId("alice");
    static final CustomerId BORA = new CustomerId("bora");
    static final WalletId WALLET = WalletId.of(ALICE);
    static final ProductId TEA = new ProductId("product-tea");
    static final CampaignId CAMPAIGN = new CampaignId("campaign-1");
    static final CouponId COUPON = new CouponId("coupon-1");
    static final OrderId ORDER = new OrderId("order-1");
    static final PaymentId PAYMENT = new PaymentId("payment-1");
    static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");
    static final Name NAME = new Name("Tea");
    static final Discount DISCOUNT = new Discount.Fixed(won(500));
    static final Basket BASKET = new Basket(List.of(new OrderLine(TEA, pieces(2), won(1_000))), new AppliedCoupon(COUPON, won(500)));

    private Story() {
    }

    static Money won(long amount) {
        return Money.of(amount, "KRW");
    }

    static Quantity pieces(int number) {
        return new Quantity(number);
    }

    // --- the shop

    static WalletCharged charged(long amount, long balance) {
        return new WalletCharged(WALLET, new ChargeId("charge-" + balance), won(amount), won(balance));
    }

    static ProductRegistered registered(int stock) {
        return new ProductRegistered(TEA, NAME, won(1_000), pieces(stock));
    }

    static StockAdded added(int quantity, int stock) {
        return new StockAdded(TEA, new DeliveryId("delivery-" + stock), pieces(quantity), pieces(stock));
    }

    static CampaignLaunched launched(int quantity) {
        return new CampaignLaunched(CAMPAIGN, NAME, DISCOUNT, pieces(quantity), new Window(AT, AT.plusSeconds(60)), Duration.ofDays(1));
    }

    static CouponClaimed claimed(CustomerId customer, CouponId coupon, int remaining) {
        return new CouponClaimed(CAMPAIGN, coupon, customer, pieces(remaining));
    }

    static CouponsClaimed claimedTogether(int remaining, Claimed... claims) {
        return new CouponsClaimed(CAMPAIGN, List.of(claims), pieces(remaining));
    }

    static CouponIssued issued(CustomerId customer, CouponId coupon) {
        return new CouponIssued(coupon, CAMPAIGN, customer, NAME, DISCOUNT, AT.plusSeconds(600));
    }

    // --- the order

    static OrderPlaced placed() {
        return new OrderPlaced(ORDER, ALICE, BASKET, BASKET.total(), AT.plusSeconds(600));
    }

    static PaymentRequested requested(PaymentId payment) {
        return new PaymentRequested(ORDER, payment, ALICE, BASKET, BASKET.total());
    }

    static PaymentTaken taken(long amount, long balance) {
        return new PaymentTaken(WALLET, PAYMENT, ORDER, won(amount), won(balance), AT);
    }

    static PaymentRefunded refunded(long amount, long balance) {
        return new PaymentRefunded(WALLET, PAYMENT, ORDER, won(amount), won(balance), AT);
    }

    static PaymentsSettled paymentSettled() {
        return new PaymentsSettled(WALLET, Set.of(PAYMENT));
    }

    static StockDeducted deducted(int quantity, int stock) {
        return new StockDeducted(TEA, PAYMENT, ORDER, pieces(quantity), pieces(stock), AT);
    }

    static StockRestored restored(int quantity, int stock) {
        return new StockRestored(TEA, PAYMENT, ORDER, pieces(quantity), pieces(stock), AT);
    }

    static DeductionsSettled deductionSettled() {
        return new DeductionsSettled(TEA, Set.of(PAYMENT));
    }

    static CouponUsed used(PaymentId payment, OrderId order, CustomerId customer) {
        return new CouponUsed(COUPON, payment, order, customer, won(500), AT);
    }

    static CouponUsed used() {
        return used(PAYMENT, ORDER, ALICE);
    }

    static CouponRestored couponRestored() {
        return new CouponRestored(COUPON, PAYMENT, ORDER, ALICE, AT);
    }

    static OrderCompleted completed() {
        return new OrderCompleted(ORDER, PAYMENT, ALICE, BASKET);
    }

    static PaymentFailed failed() {
        return new PaymentFailed(ORDER, PAYMENT, FailureReason.NOT_ANSWERED, AT.plusSeconds(600));
    }

    static OrderCancelled cancelled() {
        return new OrderCancelled(ORDER, CancelReason.BY_CUSTOMER);
    }

    // --- the checkout's own

    static TimerElapsed lastTimer(int round) {
        return new TimerElapsed(PAYMENT, ORDER, round, true);
    }

    static CheckoutParked parked(Step step) {
        return new CheckoutParked(PAYMENT, ORDER, step);
    }

    static CheckoutHeld held(Step step, int round) {
        return new CheckoutHeld(PAYMENT, ORDER, step, round);
    }

    static RetryRequested retry(int round) {
        return new RetryRequested(PAYMENT, ORDER, round, BORA, new Reason("It hangs."));
    }
}
