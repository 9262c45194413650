package jangter.checkout;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import jangter.checkout.api.CheckoutEvent.CompensationRequested;
import jangter.checkout.api.CheckoutEvent.ParkingRequested;
import jangter.checkout.api.CheckoutEvent.RetryRequested;
import jangter.checkout.api.CheckoutEvent.TimerElapsed;
import jangter.coupon.api.CouponEvent.CouponRestored;
import jangter.coupon.api.CouponEvent.CouponUseRefused;
import jangter.coupon.api.CouponEvent.CouponUseVoided;
import jangter.coupon.api.CouponEvent.CouponUsed;
import jangter.inventory.api.InventoryEvent.StockDeducted;
import jangter.inventory.api.InventoryEvent.StockDeductionRefused;
import jangter.inventory.api.InventoryEvent.StockDeductionVoided;
import jangter.inventory.api.InventoryEvent.StockRestored;
import jangter.order.api.OrderEvent.OrderCompleted;
import jangter.order.api.OrderEvent.PaymentFailed;
import jangter.order.api.OrderEvent.PaymentRequested;
import jangter.payment.api.PaymentEvent.PaymentDeclined;
import jangter.payment.api.PaymentEvent.PaymentRefunded;
import jangter.payment.api.PaymentEvent.PaymentTaken;
import jangter.payment.api.PaymentEvent.PaymentVoided;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.eventhandling.scheduling.EventScheduler;
import org.axonframework.eventhandling.scheduling.ScheduleToken;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.SagaLifecycle;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt to pay one order, as Axon runs it. The rules are {@link Checkout}'s; here it is remembered, sends and schedules.
 *
 * <ol>
 * <li>{@code PaymentRequested}: take the payment.
 * <li>{@code PaymentTaken}: deduct the stock of all lines at once.
 * <li>{@code StockDeducted}, for the last of the lines: spend the coupon, if there is one.
 * <li>{@code CouponUsed}, or the last line if there is none: complete the order.
 * <li>{@code OrderCompleted}: the end.
 * </ol>
 *
 * <p>On {@code PaymentDeclined}, {@code StockDeductionRefused} or {@code CouponUseRefused}:
 *
 * <ol>
 * <li>Restore the coupon, until {@code CouponRestored} or {@code CouponUseVoided}.
 * <li>Restore the stock of all lines at once, until {@code StockRestored} or {@code StockDeductionVoided} for each.
 * <li>Refund the payment, until {@code PaymentRefunded} or {@code PaymentVoided}.
 * <li>Fail the payment, until {@code PaymentFailed}: the end.
 * </ol>
 *
 * <p>On {@code TimerElapsed} what is unanswered is sent again; after the last time a step forward counts as refused, and any other parks
 * the checkout. On {@code RetryRequested}, {@code CompensationRequested} and {@code ParkingRequested} it does what operators want.
 *
 * <p>Public, as is its constructor, since Axon makes it.
 */
@Saga
@ProcessingGroup("saga-checkout")
public class CheckoutSaga {

    private static final Logger LOG = LoggerFactory.getLogger(CheckoutSaga.class);

    private @Nullable Checkout checkout;

    /** The timer that runs. Which class it is depends on who keeps time, so the class is stored with it. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    private @Nullable ScheduleToken timer;

    // --- forward

    @StartSaga
    @SagaEventHandler(associationProperty = "paymentId")
    void on(PaymentRequested event, @Timestamp Instant requestedAt, Errands errands, EventScheduler timers) {
        if (checkout == null) {
            take(Checkout.start(event, requestedAt, errands.now(), errands.pace()), requestedAt, errands, timers);
        }
    }

    @SagaEventHandler(associationProperty = "paymentId")
    void on(PaymentTaken event, @Timestamp Instant at, Errands errands, EventScheduler timers) {
        go(event, at, errands, timers);
    }

    @SagaEventHandler(associationProperty = "paymentId")
    void on(StockDeducted event, @Timestamp Instant at, Errands errands, EventScheduler timers) {
        go(event, at, errands, timers);
    }

    @SagaEventHandler(associationProperty = "paymentId")
    void on(CouponUsed event, @Timestamp Instant at, Errands errands, EventScheduler timers) {
        go(event, at, errands, timers);
    }

    @SagaEventHandler(associationProperty = "paymentId")
    void on(OrderCompleted event, @Timestamp Instant at, Errands errands, EventScheduler timers) {
        go(event, at, errands, timers);
    }

    // --- refused

    @SagaEventHandler(associationProperty = "paymentId")
    void on(PaymentDeclined event, @Timestamp Instant at, Errands errands, EventScheduler timers) {
        go(event, at, errands, timers);
    }

    @SagaEventHandler(associationProperty = "paymentId")
    void on(StockDeductionRefused event, @Timestamp Instant at, Errands errands, EventScheduler timers) {
        go(event, at, errands, timers);
    }

    @SagaEventHandler(associationProperty = "paymentId")
    void on(CouponUseRefused event, @Timestamp Instant at, Errands errands, EventScheduler timers) {
        go(event, at, errands, timers);
    }

    // --- back

    @SagaEventHandler(associationProperty = "paymentId")
    void on(CouponRestored event, @Timestamp Instant at, Errands errands, EventScheduler timers) {
        go(event, at, errands, timers);
    }

    @SagaEventHandler(associationProperty = "paymentId")
    void on(CouponUseVoided event, @Timestamp Instant at, Errands errands, EventScheduler timers) {
        go(event, at, errands, timers);
    }

    @SagaEventHandler(associationProperty = "paymentId")
    void on(StockRestored event, @Timestamp Instant at, Errands errands, EventScheduler timers) {
        go(event, at, errands, timers);
    }

    @SagaEventHandler(associationProperty = "paymentId")
    void on(StockDeductionVoided event, @Timestamp Instant at, Errands errands, EventScheduler timers) {
        go(event, at, errands, timers);
    }

    @SagaEventHandler(associationProperty = "paymentId")
    void on(PaymentRefunded event, @Timestamp Instant at, Errands errands, EventScheduler timers) {
        go(event, at, errands, timers);
    }

    @SagaEventHandler(associationProperty = "paymentId")
    void on(PaymentVoided event, @Timestamp Instant at, Errands errands, EventScheduler timers) {
        go(event, at, errands, timers);
    }

    @SagaEventHandler(associationProperty = "paymentId")
    void on(PaymentFailed event, @Timestamp Instant at, Errands errands, EventScheduler timers) {
        go(event, at, errands, timers);
    }

    // --- time

    @SagaEventHandler(associationProperty = "paymentId")
    void on(TimerElapsed event, @Timestamp Instant at, Errands errands, EventScheduler timers) {
        if (checkout != null && event.round() == checkout.round()) {
            timer = null;
        }
        go(event, at, errands, timers);
    }

    // --- operators

    @SagaEventHandler(associationProperty = "paymentId")
    void on(RetryRequested event, @Timestamp Instant at, Errands errands, EventScheduler timers) {
        go(event, at, errands, timers);
    }

    @SagaEventHandler(associationProperty = "paymentId")
    void on(CompensationRequested event, @Timestamp Instant at, Errands errands, EventScheduler timers) {
        go(event, at, errands, timers);
    }

    @SagaEventHandler(associationProperty = "paymentId")
    void on(ParkingRequested event, @Timestamp Instant at, Errands errands, EventScheduler timers) {
        go(event, at, errands, timers);
    }

    private void go(Object event, Instant at, Errands errands, EventScheduler timers) {
        if (checkout != null) {
            take(checkout.on(event, errands.now(), errands.pace()), at, errands, timers);
        }
    }

    private void take(Turn turn, Instant at, Errands errands, EventScheduler timers) {
        checkout = turn.checkout();
        errands.run(turn);
        if (turn.stopsTimer()) {
            stopTimer(timers);
        }
        if (turn.timer() != null) {
            timer = timers.schedule(later(at, errands.now()).plus(turn.timer().after()), onBehalf(turn.timer().elapsed()));
        }
        if (turn.checkout().state().hasEnded()) {
            SagaLifecycle.end();
        }
    }

    /**
     * From when a timer runs: from when its event is handled, but not from before it happened. From one timer to the next the event's time is
     * that of who keeps time, so a clock that is slow here makes no checkout give up early.
     */
    private static Instant later(Instant at, Instant now) {
        return at.isAfter(now) ? at : now;
    }

    /** As a message, since a scheduler that is given the bare event leaves out on whose behalf it is. */
    private static EventMessage<?> onBehalf(Object event) {
        return GenericEventMessage.asEventMessage(event);
    }

    private void stopTimer(EventScheduler timers) {
        if (timer == null) {
            return;
        }
        try {
            timers.cancelSchedule(timer);
        } catch (RuntimeException tooLate) {
            // it may be on its way already, and will say nothing when it comes
            LOG.debug("The timer {} could not be stopped", timer, tooLate);
        }
        timer = null;
    }
}
