package jangter.coupon;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import jangter.coupon.api.CouponCommand.IssueCoupon;
import jangter.coupon.api.CouponCommand.IssueCoupons;
import jangter.coupon.api.CouponCommand.IssueCoupons.Claim;
import jangter.coupon.api.CouponCommand.LaunchCampaign;
import jangter.coupon.api.CouponDecisions;
import jangter.coupon.api.CouponDecisions.Decision;
import jangter.coupon.api.CouponDecisions.Over;
import jangter.coupon.api.CouponEvent.CampaignLaunched;
import jangter.coupon.api.CouponEvent.CouponClaimed;
import jangter.coupon.api.CouponEvent.CouponIssued;
import jangter.coupon.api.CouponRefusal;
import jangter.kernel.CampaignId;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.Quantity;
import jangter.kernel.Refusal;
import jangter.kernel.RefusedException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.commandhandling.CommandHandler;
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
 * A campaign gives out so many coupons, first come, and one to a customer. It remembers who has one, so what it remembers is bounded by
 * its quantity.
 */
@Revision("1")
@Aggregate(snapshotTriggerDefinition = "campaignSnapshots", cache = "aggregateCache")
class Campaign {

    private static final Refusal ALREADY_ISSUED = CouponRefusal.ALREADY_ISSUED.because("You have one of this campaign's coupons.").refusal();
    private static final Refusal SOLD_OUT = CouponRefusal.SOLD_OUT.because("All coupons of this campaign are gone.").refusal();

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

    /** @return when the coupon expires; nothing if it had been issued before, which the campaign does not remember */
    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    @Nullable Instant handle(IssueCoupon command, FirstEvents coupons) {
        Decision decision = decide(known(), command.couponId(), command.customerId(), MetaData.emptyInstance(), coupons);
        if (decision.refusal() != null) {
            throw new RefusedException(decision.refusal());
        }
        return decision.expiresAt();
    }

    /** That one is refused is a decision like any other, and no exception: what was decided for the others stands. */
    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    CouponDecisions handle(IssueCoupons command, FirstEvents coupons) {
        CampaignLaunched campaign = known();
        List<Decision> decisions = new ArrayList<>();
        for (Claim claim : command.claims()) {
            decisions.add(decide(campaign, claim.couponId(), claim.customerId(), MetaData.from(claim.onBehalf()), coupons));
        }
        return new CouponDecisions(decisions, over());
    }

    private CampaignLaunched known() {
        if (launched == null) {
            throw CouponRefusal.UNKNOWN_CAMPAIGN.because("There is no such campaign.");
        }
        return launched;
    }

    private Decision decide(CampaignLaunched campaign, CouponId coupon, CustomerId customer, MetaData onBehalf, FirstEvents coupons) {
        CouponId had = claimed.get(customer);
        if (coupon.equals(had)) {
            return new Decision(null, null);
        }
        Instant now = GenericEventMessage.clock.instant();
        Refusal refusal = had == null ? reasonToRefuse(campaign, now) : ALREADY_ISSUED;
        return refusal == null ? issue(campaign, coupon, customer, now, onBehalf, coupons) : new Decision(refusal, null);
    }

    private @Nullable Refusal reasonToRefuse(CampaignLaunched campaign, Instant now) {
        if (!campaign.window().contains(now)) {
            return CouponRefusal.CAMPAIGN_NOT_OPEN.because("The campaign gives out coupons from " + campaign.window().opensAt() + " until "
                    + campaign.window().closesAt() + ".").refusal();
        }
        return remaining().value() == 0 ? SOLD_OUT : null;
    }

    /**
     * The coupon comes into being in the same unit of work, so either both events are appended or neither: no claim without its coupon, no
     * coupon that was not claimed. Were the coupon's id taken, its first event would be refused by the event store and the claim with it.
     *
     * <p>Only its first event is told: the aggregate itself would be made and kept for nothing, and a rush would drive all others from memory.
     */
    private Decision issue(CampaignLaunched campaign, CouponId coupon, CustomerId customer, Instant now, MetaData onBehalf, FirstEvents coupons) {
        var issued = new CouponIssued(coupon, campaign.campaignId(), customer, campaign.name(), campaign.discount(),
                now.plus(campaign.validFor()).truncatedTo(ChronoUnit.MILLIS));
        apply(new CouponClaimed(campaign.campaignId(), coupon, customer, remaining().minus(new Quantity(1))), onBehalf);
        coupons.begin(issued, onBehalf);
        return new Decision(null, issued.expiresAt());
    }

    /** What is sold out stays so. (That the window has closed is not told: another process's clock may have been wrong.) */
    private @Nullable Over over() {
        return remaining().value() == 0 ? new Over(SOLD_OUT, claimed.keySet()) : null;
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
