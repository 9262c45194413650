package jangter.checkout;

import jangter.checkout.Checkout.State;
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
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.order.api.OrderEvent.OrderCompleted;
import jangter.order.api.OrderEvent.PaymentFailed;
import jangter.order.api.OrderEvent.PaymentRequested;
import jangter.payment.api.PaymentEvent.PaymentDeclined;
import jangter.payment.api.PaymentEvent.PaymentRefunded;
import jangter.payment.api.PaymentEvent.PaymentTaken;
import jangter.payment.api.PaymentEvent.PaymentVoided;
import jangter.platform.messaging.Asked;
import jangter.platform.mongo.Databases;
import jangter.platform.mongo.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Writes what {@link Checkouts} reads: under each order's id its attempts to pay and what became of them, and at the top how the latest
 * stands.
 *
 * <p>An attempt is what the {@link Checkout} makes of its events, one after the other, so the sequence of the steps is written down nowhere
 * else. A batch of events reads all orders that it concerns at once, and writes each of them once. An event that comes again says
 * nothing to a checkout, so it changes nothing here.
 */
@Component
@ProcessingGroup(CheckoutViews.GROUP)
class CheckoutViews {

    /** All events of one order must come to it in their order: see {@link CheckoutService}. */
    static final String GROUP = "saga-views";

    private final View checkouts;
    private final CheckoutDocuments documents;
    private final Activity activity;
    private final CheckoutCalendar calendar;

    CheckoutViews(Databases databases, CheckoutDocuments documents, Activity activity, CheckoutCalendar calendar) {
        this.checkouts = databases.of(CheckoutService.NAME).view(GROUP, CheckoutDocuments.CHECKOUTS);
        this.documents = documents;
        this.activity = activity;
        this.calendar = calendar;
    }

    /** An event, and the attempt that it is about. */
    private record Seen(PaymentId payment, Object event, Instant at, @Nullable Instant sentAt) {
    }

    @EventHandler
    void on(PaymentRequested event, @Timestamp Instant at) {
        activity.requested(event.paymentId(), at);
        calendar.requested(event.orderId(), event.customerId(), at);
        see(event.orderId(), event.paymentId(), event, at);
    }

    @EventHandler
    void on(PaymentTaken event, @Timestamp Instant at) {
        see(event.orderId(), event.paymentId(), event, at);
    }

    @EventHandler
    void on(PaymentDeclined event, @Timestamp Instant at) {
        see(event.orderId(), event.paymentId(), event, at);
    }

    @EventHandler
    void on(PaymentRefunded event, @Timestamp Instant at) {
        see(event.orderId(), event.paymentId(), event, at);
    }

    @EventHandler
    void on(PaymentVoided event, @Timestamp Instant at) {
        see(event.orderId(), event.paymentId(), event, at);
    }

    @EventHandler
    void on(StockDeducted event, @Timestamp Instant at) {
        see(event.orderId(), event.paymentId(), event, at);
    }

    @EventHandler
    void on(StockDeductionRefused event, @Timestamp Instant at) {
        see(event.orderId(), event.paymentId(), event, at);
    }

    @EventHandler
    void on(StockRestored event, @Timestamp Instant at) {
        see(event.orderId(), event.paymentId(), event, at);
    }

    @EventHandler
    void on(StockDeductionVoided event, @Timestamp Instant at) {
        see(event.orderId(), event.paymentId(), event, at);
    }

    @EventHandler
    void on(CouponUsed event, @Timestamp Instant at) {
        see(event.orderId(), event.paymentId(), event, at);
    }

    @EventHandler
    void on(CouponUseRefused event, @Timestamp Instant at) {
        see(event.orderId(), event.paymentId(), event, at);
    }

    @EventHandler
    void on(CouponRestored event, @Timestamp Instant at) {
        see(event.orderId(), event.paymentId(), event, at);
    }

    @EventHandler
    void on(CouponUseVoided event, @Timestamp Instant at) {
        see(event.orderId(), event.paymentId(), event, at);
    }

    @EventHandler
    void on(OrderCompleted event, @Timestamp Instant at) {
        activity.ended(event.paymentId(), State.COMPLETED, at);
        see(event.orderId(), event.paymentId(), event, at);
    }

    @EventHandler
    void on(PaymentFailed event, @Timestamp Instant at) {
        activity.ended(event.paymentId(), State.FAILED, at);
        calendar.failed(event.orderId(), at);
        see(event.orderId(), event.paymentId(), event, at);
    }

    @EventHandler
    void on(TimerElapsed event, @Timestamp Instant at) {
        see(event.orderId(), event.paymentId(), event, at);
    }

    @EventHandler
    void on(RetryRequested event, @Timestamp Instant at) {
        see(event.orderId(), event.paymentId(), event, at);
    }

    @EventHandler
    void on(CompensationRequested event, @Timestamp Instant at) {
        see(event.orderId(), event.paymentId(), event, at);
    }

    @EventHandler
    void on(ParkingRequested event, @Timestamp Instant at) {
        see(event.orderId(), event.paymentId(), event, at);
    }

    /** Each event revises its order together with those of its batch that came before it; the last revision of an order counts. */
    private void see(OrderId order, PaymentId payment, Object event, Instant at) {
        Map<OrderId, List<Seen>> batch = CurrentUnitOfWork.get().root()
                .getOrComputeResource(CheckoutViews.class.getName(), key -> new HashMap<>());
        List<Seen> seen = batch.computeIfAbsent(order, first -> new ArrayList<>());
        seen.add(new Seen(payment, event, at, sentAt(CurrentUnitOfWork.get().getMessage())));
        int soFar = seen.size();
        checkouts.revise(order, stored -> fields(stored, seen.subList(0, soFar)));
    }

    /** An event of an older version does not tell. */
    private static @Nullable Instant sentAt(@Nullable Message<?> event) {
        Object told = event == null ? null : event.getMetaData().get(Asked.SENT_AT);
        return told instanceof String text ? Instant.parse(text) : null;
    }

    private Map<String, Object> fields(@Nullable Document stored, List<Seen> seen) {
        Map<String, Object> fields = new LinkedHashMap<>();
        seen.stream().collect(Collectors.groupingBy(Seen::payment, LinkedHashMap::new, Collectors.toList()))
                .forEach((payment, events) -> fields.putAll(fields(stored, payment, events)));
        return fields;
    }

    private Map<String, Object> fields(@Nullable Document stored, PaymentId payment, List<Seen> events) {
        CheckoutAttempt before = stored == null ? null : documents.read(stored, payment);
        CheckoutAttempt after = before;
        for (Seen seen : events) {
            if (after != null) {
                after = after.on(seen.event(), seen.at(), seen.sentAt());
            } else if (seen.event() instanceof PaymentRequested request) {
                after = CheckoutAttempt.start(request, seen.at());
            }
        }
        return after == null || after == before ? Map.of()
                : Map.of(CheckoutDocuments.field(payment), documents.write(after), "payment", payment, CheckoutDocuments.STATE, after.state(), CheckoutDocuments.SINCE, after.startedAt());
    }
}
