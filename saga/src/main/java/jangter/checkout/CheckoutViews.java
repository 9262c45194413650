package jangter.checkout;

import static com.mongodb.client.model.Updates.set;

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
import jangter.platform.mongo.Databases;
import jangter.platform.mongo.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Writes what {@link Checkouts} reads: under each order's id its attempts to pay and what became of them, and at the top how the latest stands.
 *
 * <p>An attempt is what the {@link Checkout} makes of its events, one after the other, so the sequence of the steps is written down nowhere
 * else. A batch of events reads all orders that it concerns at once, and writes each of them once. An event that comes again says nothing,
 * to a checkout, so it changes nothing here.
 */
@Component
@ProcessingGroup(CheckoutViews.GROUP)
class CheckoutViews {

    /** All events of one order must come to it in their order: see {@link CheckoutService}. */
    static final String GROUP = "saga-views";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final View checkouts;
    private final CheckoutDocuments documents;

    CheckoutViews(Databases databases, CheckoutDocuments documents) {
        this.checkouts = databases.of(CheckoutService.NAME).view(CheckoutDocuments.CHECKOUTS);
        this.documents = documents;
    }

    /** An event and whose it is. */
    private record Seen(OrderId order, PaymentId payment, Object event, Instant at) {
    }

    @EventHandler
    void on(PaymentRequested event, @Timestamp Instant at) {
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
        see(event.orderId(), event.paymentId(), event, at);
    }

    @EventHandler
    void on(PaymentFailed event, @Timestamp Instant at) {
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

    @ResetHandler
    void reset() {
        checkouts.clear();
    }

    private void see(OrderId order, PaymentId payment, Object event, Instant at) {
        UnitOfWork<?> batch = CurrentUnitOfWork.get().root();
        List<Seen> seen = batch.getOrComputeResource(CheckoutViews.class.getName(), key -> {
            List<Seen> all = new ArrayList<>();
            batch.onPrepareCommit(handled -> write(all));
            return all;
        });
        seen.add(new Seen(order, payment, event, at));
    }

    private void write(List<Seen> batch) {
        Map<OrderId, Document> known = known(batch);
        batch.stream().collect(Collectors.groupingBy(Seen::payment, LinkedHashMap::new, Collectors.toList()))
                .forEach((payment, events) -> write(payment, events, known.get(events.get(0).order())));
    }

    private Map<OrderId, Document> known(List<Seen> batch) {
        return checkouts.findAll(batch.stream().map(Seen::order).distinct().toList())
                .collectMap(order -> new OrderId(order.getString("_id"))).block(PATIENCE);
    }

    private void write(PaymentId payment, List<Seen> events, @Nullable Document known) {
        CheckoutAttempt before = known == null ? null : documents.read(known, payment);
        CheckoutAttempt after = before;
        for (Seen seen : events) {
            if (after != null) {
                after = after.on(seen.event(), seen.at());
            } else if (seen.event() instanceof PaymentRequested request) {
                after = CheckoutAttempt.start(request, seen.at());
            }
        }
        if (after != null && after != before) {
            checkouts.set(events.get(0).order(), set(CheckoutDocuments.field(payment), documents.write(after)), set("payment", payment),
                    set("state", after.state()), set("startedAt", after.startedAt()), set("lastChanged", after.changedAt()));
        }
    }
}
