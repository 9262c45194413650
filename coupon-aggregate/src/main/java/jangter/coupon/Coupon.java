package jangter.coupon;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import jangter.coupon.api.CouponCommand.RestoreCoupon;
import jangter.coupon.api.CouponCommand.UseCoupon;
import jangter.coupon.api.CouponEvent.CouponIssued;
import jangter.coupon.api.CouponEvent.CouponRestored;
import jangter.coupon.api.CouponEvent.CouponUseRefused;
import jangter.coupon.api.CouponEvent.CouponUseVoided;
import jangter.coupon.api.CouponEvent.CouponUsed;
import jangter.coupon.api.CouponEvent.RefusedBecause;
import jangter.coupon.api.Discount;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.PaymentId;
import jangter.kernel.PaymentMemory;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.serialization.Revision;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * One coupon of one customer. It comes into being when its campaign issues it, and is spent on at most one order at a time.
 *
 * <p>A step of a payment is answered even where no coupon was ever issued, and that answer begins the stream of its id. Such an id cannot
 * be issued any more: the event store refuses a second beginning, and the claim that came with it. It does not come to that, for ids are
 * derived from the caller's own key, and an order takes only coupons that it has seen issued.
 */
@Revision("1")
@Aggregate(snapshotTriggerDefinition = "snapshots", cache = "aggregateCache")
class Coupon {

    /** A reason to refuse a use, and when it holds. They are asked in order; a later one may rely on no earlier one holding. */
    private record Guard(RefusedBecause reason, Check holds) {
    }

    private interface Check {
        boolean test(Coupon coupon, UseCoupon use, Instant now);
    }

    private static final List<Guard> GUARDS = List.of(
            new Guard(RefusedBecause.VOIDED, Coupon::wasUndoneBefore),
            new Guard(RefusedBecause.TOO_LATE, Coupon::comesTooLate),
            new Guard(RefusedBecause.UNKNOWN_COUPON, Coupon::wasNeverIssued),
            new Guard(RefusedBecause.NOT_THE_OWNER, Coupon::belongsToAnother),
            new Guard(RefusedBecause.ALREADY_USED, Coupon::isSpent),
            new Guard(RefusedBecause.EXPIRED, Coupon::isExpired),
            new Guard(RefusedBecause.OTHER_DISCOUNT, Coupon::isOfAnotherCurrency),
            new Guard(RefusedBecause.OTHER_DISCOUNT, Coupon::givesAnotherDiscount));

    @AggregateIdentifier
    private @Nullable CouponId couponId;
    private @Nullable CustomerId owner;
    private @Nullable Discount discount;
    private @Nullable Instant expiresAt;
    private @Nullable PaymentId usedBy;
    private final PaymentMemory<CustomerId> payments = new PaymentMemory<>();

    Coupon() {
    }

    /** The first event of a coupon that comes into being, on behalf of who came for it. */
    static DomainEventMessage<CouponIssued> first(CouponIssued issued, MetaData onBehalf) {
        return new GenericDomainEventMessage<>(Coupon.class.getSimpleName(), issued.couponId().toString(), 0, issued, onBehalf);
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(UseCoupon command) {
        if (payments.isAnswered(command.paymentId())) {
            return;
        }
        reasonToRefuse(command, GenericEventMessage.clock.instant()).ifPresentOrElse(
                reason -> apply(new CouponUseRefused(command.couponId(), command.paymentId(), command.orderId(), reason,
                        command.requestedAt())),
                () -> apply(new CouponUsed(command.couponId(), command.paymentId(), command.orderId(), command.customerId(),
                        command.discount(), command.requestedAt())));
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(RestoreCoupon command) {
        if (payments.isOver(command.paymentId())) {
            return;
        }
        payments.done(command.paymentId()).ifPresentOrElse(
                customer -> apply(new CouponRestored(command.couponId(), command.paymentId(), command.orderId(), customer,
                        command.requestedAt())),
                () -> apply(new CouponUseVoided(command.couponId(), command.paymentId(), command.orderId(), command.requestedAt())));
    }

    @EventSourcingHandler
    void on(CouponIssued event) {
        couponId = event.couponId();
        owner = event.customerId();
        discount = event.discount();
        expiresAt = event.expiresAt();
    }

    @EventSourcingHandler
    void on(CouponUsed event) {
        usedBy = event.paymentId();
        payments.remember(event.paymentId(), event.customerId(), event.requestedAt());
    }

    @EventSourcingHandler
    void on(CouponUseRefused event) {
        couponId = event.couponId();
        payments.close(event.paymentId(), event.requestedAt());
    }

    @EventSourcingHandler
    void on(CouponRestored event) {
        usedBy = null;
        payments.close(event.paymentId(), event.requestedAt());
    }

    @EventSourcingHandler
    void on(CouponUseVoided event) {
        couponId = event.couponId();
        payments.markVoid(event.paymentId(), event.requestedAt());
    }

    private Optional<RefusedBecause> reasonToRefuse(UseCoupon use, Instant now) {
        return GUARDS.stream().filter(guard -> guard.holds().test(this, use, now)).map(Guard::reason).findFirst();
    }

    private boolean wasUndoneBefore(UseCoupon use, Instant now) {
        return payments.isVoid(use.paymentId());
    }

    private boolean comesTooLate(UseCoupon use, Instant now) {
        return payments.isTooLate(use.requestedAt());
    }

    private boolean wasNeverIssued(UseCoupon use, Instant now) {
        return owner == null;
    }

    private boolean belongsToAnother(UseCoupon use, Instant now) {
        return !use.customerId().equals(owner);
    }

    private boolean isSpent(UseCoupon use, Instant now) {
        return usedBy != null;
    }

    private boolean isExpired(UseCoupon use, Instant now) {
        return !now.isBefore(expiresAt);
    }

    private boolean isOfAnotherCurrency(UseCoupon use, Instant now) {
        return !use.price().currency().equals(discount.limit().currency());
    }

    private boolean givesAnotherDiscount(UseCoupon use, Instant now) {
        return !discount.of(use.price()).equals(use.discount());
    }
}
