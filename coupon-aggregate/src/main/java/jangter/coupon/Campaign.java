package jangter.coupon;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;
import static org.axonframework.modelling.command.AggregateLifecycle.createNew;

import jangter.coupon.api.CouponCommand.IssueCoupon;
import jangter.coupon.api.CouponCommand.LaunchCampaign;
import jangter.coupon.api.CouponEvent.CampaignLaunched;
import jangter.coupon.api.CouponEvent.CouponClaimed;
import jangter.coupon.api.CouponEvent.CouponIssued;
import jangter.coupon.api.CouponRefusal;
import jangter.kernel.CampaignId;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.Quantity;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.serialization.Revision;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * A campaign gives out so many coupons, first come, and one to a customer. It remembers who has one, so what it remembers is bounded by
 * its quantity.
 */
@Revision("1")
@Aggregate(snapshotTriggerDefinition = "snapshots", cache = "aggregateCache")
class Campaign {

    @AggregateIdentifier
    private @Nullable CampaignId campaignId;
    private @Nullable CampaignLaunched launched;
    private final Map<CustomerId, CouponId> claimed = new LinkedHashMap<>();

    Campaign() {
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(LaunchCampaign command) {
        var asked = new CampaignLaunched(command.campaignId(), command.name(), command.discount(), command.quantity(), command.window(),
                command.validFor());
        if (launched == null) {
            apply(asked);
        } else if (!launched.equals(asked)) {
            throw CouponRefusal.CAMPAIGN_EXISTS.because("The campaign's id is taken by another campaign.");
        }
    }

    /**
     * The coupon comes into being in the same unit of work, so either both events are appended or neither: no claim without its coupon, no
     * coupon that was not claimed. Were the coupon's id taken, its first event would be refused by the event store and the claim with it.
     *
     * @return when the coupon expires; nothing if it had been issued before, which the campaign does not remember
     */
    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    @Nullable Instant handle(IssueCoupon command) throws Exception {
        if (launched == null) {
            throw CouponRefusal.UNKNOWN_CAMPAIGN.because("There is no such campaign.");
        }
        CouponId had = claimed.get(command.customerId());
        if (command.couponId().equals(had)) {
            return null;
        }
        Instant now = GenericEventMessage.clock.instant();
        if (had != null) {
            throw CouponRefusal.ALREADY_ISSUED.because("You have one of this campaign's coupons.");
        }
        if (!launched.window().contains(now)) {
            throw CouponRefusal.CAMPAIGN_NOT_OPEN.because("The campaign gives out coupons from " + launched.window().opensAt() + " until "
                    + launched.window().closesAt() + ".");
        }
        if (remaining().value() == 0) {
            throw CouponRefusal.SOLD_OUT.because("All coupons of this campaign are gone.");
        }
        var issued = new CouponIssued(command.couponId(), command.campaignId(), command.customerId(), launched.name(), launched.discount(),
                now.plus(launched.validFor()).truncatedTo(ChronoUnit.MILLIS));
        apply(new CouponClaimed(command.campaignId(), command.couponId(), command.customerId(), remaining().minus(new Quantity(1))));
        createNew(Coupon.class, () -> new Coupon(issued));
        return issued.expiresAt();
    }

    @EventSourcingHandler
    void on(CampaignLaunched event) {
        campaignId = event.campaignId();
        launched = event;
    }

    @EventSourcingHandler
    void on(CouponClaimed event) {
        claimed.put(event.customerId(), event.couponId());
    }

    private Quantity remaining() {
        return launched.quantity().minus(new Quantity(claimed.size()));
    }
}
