package jangter.order;

import static org.axonframework.modelling.command.AggregateCreationPolicy.CREATE_IF_MISSING;
import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import jangter.kernel.CustomerId;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.order.api.Basket;
import jangter.order.api.CancelReason;
import jangter.order.api.OrderCommand.CancelOrder;
import jangter.order.api.OrderCommand.CompleteOrder;
import jangter.order.api.OrderCommand.ExpireOrder;
import jangter.order.api.OrderCommand.FailPayment;
import jangter.order.api.OrderCommand.PlaceOrder;
import jangter.order.api.OrderCommand.RequestPayment;
import jangter.order.api.OrderEvent.OrderCancelled;
import jangter.order.api.OrderEvent.OrderCompleted;
import jangter.order.api.OrderEvent.OrderPlaced;
import jangter.order.api.OrderEvent.PaymentFailed;
import jangter.order.api.OrderEvent.PaymentRequested;
import jangter.order.api.OrderRefusal;
import jangter.order.api.OrderStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * One order, from its placing to its completion or cancellation.
 *
 * <p>Commands about an order that was never placed reach an empty one ({@code CREATE_IF_MISSING}) and are refused by it, so that the
 * caller hears a refusal and not a fault of the framework.
 */
@Aggregate(snapshotTriggerDefinition = "snapshots", cache = "aggregateCache")
class Order {

    /** How often one order may be tried to be paid: what it remembers of its payments is bounded by it. */
    static final int MOST_ATTEMPTS = 10;

    @AggregateIdentifier
    private @Nullable OrderId orderId;
    private @Nullable CustomerId customerId;
    private @Nullable Basket basket;
    private @Nullable Instant payBy;
    private @Nullable OrderStatus status;
    private @Nullable CancelReason cancelled;
    /** Every attempt to pay it, the latest last. */
    private final List<PaymentId> payments = new ArrayList<>();

    Order() {
        // for the framework, and for commands that come before the order
    }

    /** Answers until when it can be paid, which a repetition does not change. */
    @CommandHandler
    @CreationPolicy(CREATE_IF_MISSING)
    Instant handle(PlaceOrder command) {
        if (!isPlaced()) {
            apply(new OrderPlaced(command.orderId(), command.customerId(), command.basket(), command.basket().total(), command.payBy()));
        } else if (!command.customerId().equals(customerId) || !command.basket().equals(basket)) {
            throw OrderRefusal.ORDER_EXISTS.because("There is another order with this id.");
        }
        return payBy;
    }

    @CommandHandler
    @CreationPolicy(CREATE_IF_MISSING)
    void handle(RequestPayment command) {
        mustBelongTo(command.customerId());
        if (payments.contains(command.paymentId())) {
            return;
        }
        mustBePending();
        if (isTimeToPayOver()) {
            throw OrderRefusal.ORDER_NOT_PENDING.because("The time to pay this order is over.");
        }
        if (payments.size() == MOST_ATTEMPTS) {
            throw OrderRefusal.TOO_MANY_ATTEMPTS.because("This order was tried to be paid " + MOST_ATTEMPTS + " times. Place a new one.");
        }
        apply(new PaymentRequested(command.orderId(), command.paymentId(), command.customerId(), basket, basket.total()));
    }

    @CommandHandler
    @CreationPolicy(CREATE_IF_MISSING)
    void handle(CompleteOrder command) {
        mustBePlaced();
        if (status == OrderStatus.COMPLETED && isLatest(command.paymentId())) {
            return;
        }
        mustBeCurrent(command.paymentId());
        apply(new OrderCompleted(command.orderId(), command.paymentId(), customerId, basket));
    }

    @CommandHandler
    @CreationPolicy(CREATE_IF_MISSING)
    void handle(FailPayment command) {
        mustBePlaced();
        if (hasFailed(command.paymentId())) {
            return;
        }
        mustBeCurrent(command.paymentId());
        apply(new PaymentFailed(command.orderId(), command.paymentId(), command.reason(), command.payBy()));
        if (!command.reason().isMendable()) {
            apply(new OrderCancelled(command.orderId(), CancelReason.PAYMENT_FAILED));
        }
    }

    @CommandHandler
    @CreationPolicy(CREATE_IF_MISSING)
    void handle(CancelOrder command) {
        mustBelongTo(command.customerId());
        if (cancelled == CancelReason.BY_CUSTOMER) {
            return;
        }
        mustBePending();
        apply(new OrderCancelled(command.orderId(), CancelReason.BY_CUSTOMER));
    }

    @CommandHandler
    @CreationPolicy(CREATE_IF_MISSING)
    void handle(ExpireOrder command) {
        mustBePlaced();
        if (status == OrderStatus.PENDING && isTimeToPayOver()) {
            apply(new OrderCancelled(command.orderId(), CancelReason.EXPIRED));
        }
    }

    private boolean isPlaced() {
        return orderId != null;
    }

    private void mustBePlaced() {
        if (!isPlaced()) {
            throw OrderRefusal.UNKNOWN_ORDER.because("There is no such order.");
        }
    }

    /** Another's order is answered as one that does not exist, so that nobody learns of it. */
    private void mustBelongTo(CustomerId customer) {
        if (!isPlaced() || !customer.equals(customerId)) {
            throw OrderRefusal.UNKNOWN_ORDER.because("There is no such order.");
        }
    }

    private void mustBePending() {
        if (status != OrderStatus.PENDING) {
            throw OrderRefusal.ORDER_NOT_PENDING.because("This order is " + status.name().toLowerCase(Locale.ROOT) + ".");
        }
    }

    private void mustBeCurrent(PaymentId payment) {
        if (status != OrderStatus.PAYING || !isLatest(payment)) {
            throw OrderRefusal.PAYMENT_NOT_CURRENT.because("This order is not being paid under that payment.");
        }
    }

    private boolean isTimeToPayOver() {
        return !GenericEventMessage.clock.instant().isBefore(payBy);
    }

    private boolean isLatest(PaymentId payment) {
        return !payments.isEmpty() && payments.get(payments.size() - 1).equals(payment);
    }

    /** Every attempt but the latest has failed, and the latest has unless it is under way or was the one that paid. */
    private boolean hasFailed(PaymentId payment) {
        return payments.contains(payment) && !(isLatest(payment) && (status == OrderStatus.PAYING || status == OrderStatus.COMPLETED));
    }

    @EventSourcingHandler
    void on(OrderPlaced event) {
        orderId = event.orderId();
        customerId = event.customerId();
        basket = event.basket();
        payBy = event.payBy();
        status = OrderStatus.PENDING;
    }

    @EventSourcingHandler
    void on(PaymentRequested event) {
        payments.add(event.paymentId());
        status = OrderStatus.PAYING;
    }

    @EventSourcingHandler
    void on(OrderCompleted event) {
        status = OrderStatus.COMPLETED;
    }

    @EventSourcingHandler
    void on(PaymentFailed event) {
        payBy = event.payBy();
        status = OrderStatus.PENDING;
    }

    @EventSourcingHandler
    void on(OrderCancelled event) {
        cancelled = event.reason();
        status = OrderStatus.CANCELLED;
    }
}
