package jangter.checkout;

import jangter.checkout.Turn.Ask;
import jangter.checkout.Turn.Part;
import jangter.checkout.Turn.Timer;
import jangter.checkout.api.CheckoutEvent;
import jangter.checkout.api.CheckoutEvent.CheckoutHeld;
import jangter.checkout.api.CheckoutEvent.CheckoutParked;
import jangter.checkout.api.CheckoutEvent.CompensationRequested;
import jangter.checkout.api.CheckoutEvent.CompensationStarted;
import jangter.checkout.api.CheckoutEvent.ParkingRequested;
import jangter.checkout.api.CheckoutEvent.RetryRequested;
import jangter.checkout.api.CheckoutEvent.StepSentAgain;
import jangter.checkout.api.CheckoutEvent.TimerElapsed;
import jangter.checkout.api.Step;
import jangter.coupon.api.CouponCommand.RestoreCoupon;
import jangter.coupon.api.CouponCommand.UseCoupon;
import jangter.inventory.api.InventoryCommand.DeductStock;
import jangter.inventory.api.InventoryCommand.RestoreStock;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.ProductId;
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
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to pay one order, from the customer's wish to its end: either everything happens, or everything that happened is undone.
 *
 * <ol>
 * <li>The payment is requested, which starts it.
 * <li>The payment is taken from the wallet.
 * <li>The pieces of all lines are taken out of stock, all at once.
 * <li>The coupon is spent, if the order has one.
 * <li>The order is completed. By now everything is confirmed, so from here on nothing is undone any more.
 * </ol>
 *
 * <p>A refusal turns it round. Whatever was or may have been done is undone in reverse (coupon, stock, payment), each only when the one
 * before is confirmed, and only then is the payment failed: the order is never told that it failed while something of it is still kept.
 *
 * <p>What is not answered in time is sent again, under the same payment's id. A forward step that stays unanswered counts as refused, and
 * as one that may have been done. What can be neither given up nor undone (an undoing, the completion of the order) is parked in the
 * end, until an operator asks for another try.
 *
 * <p>Operators may step in: have a step sent again at once, have it turn back before the order is being completed, or park it, which holds
 * it where it is, whatever is answered, until they let it go on.
 *
 * <p>An event may come twice, late, or after its own undoing; one that says nothing new changes nothing. A checkout is a value, and
 * depends on nothing but the events it was given, in their order: not on the time, not on the {@link Pace}. So whoever has its events has the
 * checkout. Whoever runs it keeps it before letting go of the event that made it; an event whose checkout was not kept is given again
 * before any event that its commands have caused.
 *
 * @param request what is to be paid, taken out of stock and spent
 * @param requestedAt when the customer wanted to pay: every step carries it
 * @param step the step whose answer it waits for
 * @param attempt how often that step was sent
 * @param round the number of the timer that was set last
 * @param stoodAt the number of the timer at which it last stood still, held or parked by itself, 0 if it never did: wishes to park it from
 *         before have been told
 * @param timed the step for which the running timer was set, nothing if none runs
 * @param reason why the payment fails, if it does
 */
public record Checkout(PaymentRequested request, Instant requestedAt, Marks marks, State state, Step step, int attempt, int round,
        int stoodAt, @Nullable Step timed, @Nullable FailureReason reason) {

    /** Where a checkout stands. */
    public enum State {
        /** It goes forward. */
        RUNNING,
        /** It undoes what it did. */
        COMPENSATING,
        /** It waits for an operator, or for an answer after all. */
        PARKED,
        /** An operator parked it. Answers are remembered, but only an operator lets it go on. */
        HELD,
        /** All is done. */
        COMPLETED,
        /** Nothing is left of it. */
        FAILED;

        public boolean hasEnded() {
            return this == COMPLETED || this == FAILED;
        }

        boolean isTimed() {
            return this == RUNNING || this == COMPENSATING;
        }
    }

    /** What has become of one thing that a checkout does. */
    public enum Mark {
        NOT_ASKED,
        /** Asked for and not answered: it may be there. */
        ASKED,
        DONE,
        /** Refused, undone, or undone before it was done: nothing of it is there, nor ever will be. */
        GONE;

        boolean mayBeThere() {
            return this == ASKED || this == DONE;
        }

        Mark asked() {
            return this == NOT_ASKED ? ASKED : this;
        }

        Mark then(Mark next) {
            return next.compareTo(this) > 0 ? next : this;
        }
    }

    /** A new checkout, and its first step. */
    public static Turn start(PaymentRequested request, Instant requestedAt, Instant now, Pace pace) {
        Checkout idle = new Checkout(request, requestedAt, Marks.of(request.basket()), State.RUNNING, Step.TAKE_PAYMENT, 0, 0, 0, null, null);
        return idle.enter(Step.TAKE_PAYMENT, null, List.of(), now, pace);
    }

    /**
     * What an event makes of it. An event that is none of a checkout's says nothing.
     *
     * @param now for the time limit of an order that may be paid again; the checkout itself does not depend on it
     */
    public Turn on(Object event, Instant now, Pace pace) {
        if (state.hasEnded()) {
            return unmoved();
        }
        if (event instanceof OrderCompleted) {
            return completed();
        }
        if (event instanceof PaymentFailed) {
            return failed();
        }
        if (event instanceof TimerElapsed timer) {
            return elapsed(timer, now, pace);
        }
        if (event instanceof RetryRequested retry) {
            return retry.round() == round ? sentNow(now, pace) : unmoved();
        }
        if (event instanceof CompensationRequested) {
            return canBeUndone() ? turnBack(FailureReason.CALLED_OFF, null, now, pace) : unmoved();
        }
        if (event instanceof ParkingRequested parking) {
            // its timer may have run down since the operator looked; but one that it was let go on from since is no longer meant
            return parking.round() > stoodAt && state.isTimed() ? held() : unmoved();
        }
        Answer answer = Answer.in(event);
        return answer == null ? unmoved() : answered(answer, now, pace);
    }

    public PaymentId paymentId() {
        return request.paymentId();
    }

    public OrderId orderId() {
        return request.orderId();
    }

    // --- answers

    private Turn answered(Answer answer, Instant now, Pace pace) {
        Checkout next = with(marks.with(answer));
        boolean settled = step == Step.COMPLETE_ORDER || step == Step.FAIL_PAYMENT;
        if (settled || next.marks.equals(marks)) {
            return unmoved();
        }
        if (state == State.HELD) {
            return new Turn(next.knowing(answer), partOf(answer), List.of(), List.of(), null);
        }
        if (reason == null && answer.mark() == Mark.GONE) {
            return next.turnBack(answer.reason(), partOf(answer), now, pace);
        }
        return next.proceed(partOf(answer), List.of(), now, pace);
    }

    /** The part that was waited for: once it is being undone, that it is gone answers the undoing. */
    private Part partOf(Answer answer) {
        boolean undone = answer.mark() == Mark.GONE && step == undoing(answer.step());
        return new Part(undone ? step : answer.step(), answer.product());
    }

    private Turn completed() {
        if (reason != null) {
            return unmoved();
        }
        return ended(State.COMPLETED, Step.COMPLETE_ORDER);
    }

    private Turn failed() {
        if (step != Step.FAIL_PAYMENT) {
            return unmoved();
        }
        return ended(State.FAILED, Step.FAIL_PAYMENT);
    }

    private Turn ended(State end, Step last) {
        Checkout ended = new Checkout(request, requestedAt, marks, end, last, attempt, round, stoodAt, null, reason);
        return new Turn(ended, new Part(last, null), List.of(), List.of(), null);
    }

    // --- the order of the steps

    private Step next() {
        return reason == null ? nextForward() : nextBack();
    }

    private Step nextForward() {
        if (marks.payment() != Mark.DONE) {
            return Step.TAKE_PAYMENT;
        }
        if (!marks.allStock(Mark.DONE)) {
            return Step.DEDUCT_STOCK;
        }
        if (request.basket().coupon() != null && marks.coupon() != Mark.DONE) {
            return Step.USE_COUPON;
        }
        return Step.COMPLETE_ORDER;
    }

    private Step nextBack() {
        if (marks.coupon().mayBeThere()) {
            return Step.RESTORE_COUPON;
        }
        if (marks.anyStockMayBeThere()) {
            return Step.RESTORE_STOCK;
        }
        if (marks.payment().mayBeThere()) {
            return Step.REFUND_PAYMENT;
        }
        return Step.FAIL_PAYMENT;
    }

    private static Step undoing(Step forward) {
        return switch (forward) {
            case TAKE_PAYMENT -> Step.REFUND_PAYMENT;
            case DEDUCT_STOCK -> Step.RESTORE_STOCK;
            case USE_COUPON -> Step.RESTORE_COUPON;
            default -> throw new IllegalArgumentException(forward + " is never undone");
        };
    }

    private Turn turnBack(FailureReason why, @Nullable Part answered, Instant now, Pace pace) {
        Checkout turned = new Checkout(request, requestedAt, marks, state, step, attempt, round, stoodAt, timed, why);
        List<CheckoutEvent> told = turned.next() == Step.FAIL_PAYMENT
                ? List.of()
                : List.of(new CompensationStarted(paymentId(), orderId(), why));
        return turned.proceed(answered, told, now, pace);
    }

    private Turn proceed(@Nullable Part answered, List<CheckoutEvent> told, Instant now, Pace pace) {
        Step next = next();
        return next == step ? new Turn(this, answered, List.of(), told, null) : enter(next, answered, told, now, pace);
    }

    private Turn enter(Step next, @Nullable Part answered, List<CheckoutEvent> told, Instant now, Pace pace) {
        Marks asked = switch (next) {
            case TAKE_PAYMENT -> marks.withPaymentAsked();
            case DEDUCT_STOCK -> marks.withStockAsked();
            case USE_COUPON -> marks.withCouponAsked();
            default -> marks;
        };
        // a short timer that runs already serves the new step too, which saves setting one for each step; a long one does not
        Step stillTimed = attempt == 1 ? timed : null;
        State going = reason == null ? State.RUNNING : State.COMPENSATING;
        return new Checkout(request, requestedAt, asked, going, next, 1, round, stoodAt, stillTimed, reason).ask(answered, told, now, pace);
    }

    // --- time

    private Turn elapsed(TimerElapsed timer, Instant now, Pace pace) {
        if (timed == null || timer.round() != round) {
            return unmoved();
        }
        if (timed != step) {
            return attempted(attempt).timed(null, List.of(), List.of(), pace);
        }
        if (!timer.last()) {
            return attempted(attempt + 1)
                    .ask(null, List.of(new StepSentAgain(paymentId(), orderId(), step, attempt + 1)), now, pace);
        }
        if (step.comesBeforeCompletion()) {
            return attempted(attempt).turnBack(FailureReason.NOT_ANSWERED, null, now, pace);
        }
        Checkout parked = new Checkout(request, requestedAt, marks, State.PARKED, step, attempt, round, round, null, reason);
        return new Turn(parked, null, List.of(), List.of(new CheckoutParked(paymentId(), orderId(), step)), null);
    }

    /** As it is when its timer has run down and its step is sent for that time. */
    private Checkout attempted(int times) {
        State going = reason == null ? State.RUNNING : State.COMPENSATING;
        return new Checkout(request, requestedAt, marks, going, step, times, round, stoodAt, null, reason);
    }

    // --- operators

    /** Whether an operator can have it turn back. */
    public boolean canBeUndone() {
        return reason == null && step.comesBeforeCompletion();
    }

    private Turn held() {
        Checkout held = new Checkout(request, requestedAt, marks, State.HELD, step, attempt, round, round, null, reason);
        return new Turn(held, null, List.of(), List.of(new CheckoutHeld(paymentId(), orderId(), step, round)), null);
    }

    /** While it is held it only remembers why it will have to turn back. */
    private Checkout knowing(Answer answer) {
        FailureReason why = reason == null && answer.mark() == Mark.GONE ? answer.reason() : reason;
        return new Checkout(request, requestedAt, marks, state, step, attempt, round, stoodAt, timed, why);
    }

    /** What it waits for is sent as if for the first time, or what follows from what was answered while it was held. */
    private Turn sentNow(Instant now, Pace pace) {
        Checkout again = attempted(1);
        if (reason != null && !step.isCompensation()) {
            return again.turnBack(reason, null, now, pace);
        }
        Step next = next();
        return next == step ? again.ask(null, List.of(), now, pace) : again.enter(next, null, List.of(), now, pace);
    }

    // --- what is still to come

    /** The steps after the one it waits for, as far as can be told: those of its way forward, or of its way back. */
    public List<Step> ahead() {
        return state.hasEnded() ? List.of() : (reason == null ? stepsForward() : stepsBack()).filter(other -> other.compareTo(step) > 0).toList();
    }

    private Stream<Step> stepsForward() {
        return Stream.of(Step.TAKE_PAYMENT, Step.DEDUCT_STOCK, Step.USE_COUPON, Step.COMPLETE_ORDER)
                .filter(forward -> forward != Step.USE_COUPON || request.basket().coupon() != null);
    }

    private Stream<Step> stepsBack() {
        return Stream.of(Step.RESTORE_COUPON, Step.RESTORE_STOCK, Step.REFUND_PAYMENT, Step.FAIL_PAYMENT).filter(back -> switch (back) {
            case RESTORE_COUPON -> marks.coupon().mayBeThere();
            case RESTORE_STOCK -> marks.anyStockMayBeThere();
            case REFUND_PAYMENT -> marks.payment().mayBeThere();
            default -> true;
        });
    }

    // --- what it makes others do

    private Turn ask(@Nullable Part answered, List<CheckoutEvent> told, Instant now, Pace pace) {
        List<Ask> asks = commands(now, pace).map(this::ask).toList();
        return timed(answered, asks, told, pace);
    }

    /** Whenever it waits for an answer a timer runs. */
    private Turn timed(@Nullable Part answered, List<Ask> asks, List<CheckoutEvent> told, Pace pace) {
        if (timed != null) {
            return new Turn(this, answered, asks, told, null);
        }
        Checkout waiting = new Checkout(request, requestedAt, marks, state, step, attempt, round + 1, stoodAt, step, reason);
        TimerElapsed elapsed = new TimerElapsed(paymentId(), orderId(), round + 1, pace.isLast(step, attempt));
        return new Turn(waiting, answered, asks, told, new Timer(pace.waitAfter(attempt), elapsed));
    }

    private Turn unmoved() {
        return new Turn(this, null, List.of(), List.of(), null);
    }

    private Ask ask(Object command) {
        ProductId product = null;
        if (command instanceof DeductStock deduct) {
            product = deduct.productId();
        } else if (command instanceof RestoreStock restore) {
            product = restore.productId();
        }
        return new Ask(new Part(step, product), attempt, command);
    }

    private Stream<Object> commands(Instant now, Pace pace) {
        WalletId wallet = WalletId.of(request.customerId());
        return switch (step) {
            case TAKE_PAYMENT -> Stream.of(new TakePayment(wallet, paymentId(), orderId(), request.total(), requestedAt));
            case DEDUCT_STOCK -> lines(Mark.ASKED)
                    .map(line -> new DeductStock(line.productId(), paymentId(), orderId(), line.quantity(), requestedAt));
            case USE_COUPON -> coupon().map(this::useCoupon);
            case COMPLETE_ORDER -> Stream.of(new CompleteOrder(orderId(), paymentId()));
            case RESTORE_COUPON -> coupon().map(used -> new RestoreCoupon(used.couponId(), paymentId(), orderId(), requestedAt));
            case RESTORE_STOCK -> lines(Mark.ASKED, Mark.DONE)
                    .map(line -> new RestoreStock(line.productId(), paymentId(), orderId(), requestedAt));
            case REFUND_PAYMENT -> Stream.of(new RefundPayment(wallet, paymentId(), orderId(), requestedAt));
            case FAIL_PAYMENT -> Stream.ofNullable(reason)
                    .map(why -> new FailPayment(orderId(), paymentId(), why, now.plus(pace.timeToPayAgain())));
        };
    }

    private UseCoupon useCoupon(AppliedCoupon coupon) {
        Basket basket = request.basket();
        return new UseCoupon(coupon.couponId(), paymentId(), orderId(), request.customerId(), basket.price(), coupon.discount(), requestedAt);
    }

    private Stream<AppliedCoupon> coupon() {
        return Stream.ofNullable(request.basket().coupon());
    }

    private Stream<OrderLine> lines(Mark... marked) {
        List<Mark> wanted = List.of(marked);
        return request.basket().lines().stream().filter(line -> wanted.contains(marks.stock().get(line.productId())));
    }

    private Checkout with(Marks changed) {
        return new Checkout(request, requestedAt, changed, state, step, attempt, round, stoodAt, timed, reason);
    }
}
