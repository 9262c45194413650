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
import jangter.coupon.api.CouponEvent.CouponsClaimed;
import jangter.coupon.api.CouponEvent.CouponsClaimed.Claimed;
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
    private final Holders claimed = new Holders();

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
        Decision decision = decide(List.of(new Claim(command.couponId(), command.customerId(), Map.of())), coupons).get(0);
        if (decision.refusal() != null) {
            throw new RefusedException(decision.refusal());
        }
        return decision.expiresAt();
    }

    /** That one is refused is a decision like any other, and no exception: what was decided for the others stands. */
    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    CouponDecisions handle(IssueCoupons command, FirstEvents coupons) {
        return new CouponDecisions(decide(command.claims(), coupons), over());
    }

    private CampaignLaunched known() {
        if (launched == null) {
            throw CouponRefusal.UNKNOWN_CAMPAIGN.because("There is no such campaign.");
        }
        return launched;
    }

    private List<Decision> decide(List<Claim> claims, FirstEvents coupons) {
        CampaignLaunched campaign = known();
        Instant now = GenericEventMessage.clock.instant();
        Instant expiresAt = now.plus(campaign.validFor()).truncatedTo(ChronoUnit.MILLIS);
        List<Decision> decisions = new ArrayList<>(claims.size());
        Map<CustomerId, Claim> won = new LinkedHashMap<>();
        for (Claim claim : claims) {
            Claim before = won.get(claim.customerId());
            CouponId had = before == null ? claimed.couponOf(claim.customerId()) : before.couponId();
            Refusal refusal = had == null ? reasonToRefuse(campaign, won.size(), now) : ALREADY_ISSUED;
            if (claim.couponId().equals(had)) {
                decisions.add(new Decision(null, null));
            } else if (refusal != null) {
                decisions.add(new Decision(refusal, null));
            } else {
                won.put(claim.customerId(), claim);
                decisions.add(new Decision(null, expiresAt));
            }
        }
        issue(campaign, List.copyOf(won.values()), expiresAt, coupons);
        return decisions;
    }

    private @Nullable Refusal reasonToRefuse(CampaignLaunched campaign, int won, Instant now) {
        if (!campaign.window().contains(now)) {
            return CouponRefusal.CAMPAIGN_NOT_OPEN.because("The campaign gives out coupons from " + campaign.window().opensAt() + " until "
                    + campaign.window().closesAt() + ".").refusal();
        }
        return remaining().value() == won ? SOLD_OUT : null;
    }

    /**
     * The coupons come into being in the same unit of work, so either all events are appended or none: no claim without its coupon, no
     * coupon that was not claimed. Were a coupon's id taken, its first event would be refused by the event store and the claims with it.
     *
     * <p>Only a coupon's first event is told: the aggregate itself would be made and kept for nothing, and a rush would drive all others from memory. And those
     * who came together are one event of the campaign, since a rush would make its stream as long as all of theirs together.
     */
    private void issue(CampaignLaunched campaign, List<Claim> won, Instant expiresAt, FirstEvents coupons) {
        Quantity left = remaining().minus(new Quantity(won.size()));
        if (won.size() == 1) {
            Claim only = won.get(0);
            apply(new CouponClaimed(campaign.campaignId(), only.couponId(), only.customerId(), left), MetaData.from(only.onBehalf()));
        } else if (!won.isEmpty()) {
            apply(new CouponsClaimed(campaign.campaignId(), won.stream().map(claim -> new Claimed(claim.couponId(), claim.customerId())).toList(), left));
        }
        won.forEach(claim -> coupons.begin(new CouponIssued(claim.couponId(), campaign.campaignId(), claim.customerId(), campaign.name(),
                campaign.discount(), expiresAt), MetaData.from(claim.onBehalf())));
    }

    /** What is sold out stays so, and so do its holders. (That the window has closed is not told: another process's clock may have been wrong.) */
    private @Nullable Over over() {
        return remaining().value() == 0 ? new Over(SOLD_OUT, claimed.customers()) : null;
    }

    @EventSourcingHandler
    void on(CampaignLaunched event) {
        campaignId = event.campaignId();
        launched = event;
    }

    @EventSourcingHandler
    void on(CouponClaimed event) {
        claimed.add(event.customerId(), event.couponId());
    }

    @EventSourcingHandler
    void on(CouponsClaimed event) {
        event.claims().forEach(claim -> claimed.add(claim.customerId(), claim.couponId()));
    }

    private Quantity remaining() {
        return launched.quantity().minus(new Quantity(claimed.size()));
    }
}
