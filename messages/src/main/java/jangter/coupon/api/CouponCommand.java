package jangter.coupon.api;

import jangter.kernel.CampaignId;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.Money;
import jangter.kernel.Name;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.Quantity;
import jangter.kernel.Require;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** What one can ask of a campaign or a coupon. Refusals are {@link CouponRefusal}s. */
public sealed interface CouponCommand {

    /** The most coupons of one campaign: it remembers each customer who has one, and what an aggregate remembers is bounded. */
    int MOST_COUPONS = 20_000;

    /** The longest that a coupon may be good for. */
    Duration LONGEST_VALIDITY = Duration.ofDays(3650);

    /** Announce a campaign: so many coupons, first come, within the window, each good for {@code validFor} from its issue. */
    record LaunchCampaign(@TargetAggregateIdentifier CampaignId campaignId, Name name, Discount discount, Quantity quantity, Window window,
            Duration validFor) implements CouponCommand {
        public LaunchCampaign {
            Require.present("campaign", campaignId);
            Require.present("name", name);
            Require.present("discount", discount);
            Require.between("quantity", Require.present("quantity", quantity).value(), 1, MOST_COUPONS);
            Require.present("window", window);
            Require.that(Require.present("valid for", validFor).compareTo(Duration.ofSeconds(1)) >= 0
                    && validFor.compareTo(LONGEST_VALIDITY) <= 0, "valid for", "must be from a second to 3650 days");
        }
    }

    /** Give a customer one of the campaign's coupons. */
    record IssueCoupon(@TargetAggregateIdentifier CampaignId campaignId, CouponId couponId, CustomerId customerId)
            implements CouponCommand {
        public IssueCoupon {
            Require.present("campaign", campaignId);
            Require.present("coupon", couponId);
            Require.present("customer", customerId);
        }
    }

    /** The most callers that one command decides for. */
    int MOST_AT_ONCE = 200;

    /** Give the campaign's coupons to those customers, first come: in the order of the claims. Answered by {@link CouponDecisions}. */
    record IssueCoupons(@TargetAggregateIdentifier CampaignId campaignId, List<Claim> claims) implements CouponCommand {

        /**
         * One customer who came.
         *
         * @param onBehalf the meta-data of the events that come of it, in the place of the whole command's
         */
        public record Claim(CouponId couponId, CustomerId customerId, Map<String, String> onBehalf) {
            public Claim {
                Require.present("coupon", couponId);
                Require.present("customer", customerId);
                onBehalf = Map.copyOf(Require.present("on behalf", onBehalf));
            }
        }

        public IssueCoupons {
            Require.present("campaign", campaignId);
            Require.sizeBetween("claims", claims, 1, MOST_AT_ONCE);
            claims = List.copyOf(claims);
        }
    }

    /**
     * Spend it on an order. Answered by {@code CouponUsed} or {@code CouponUseRefused}.
     *
     * @param price what the order costs before the discount
     * @param discount what the order counts on
     */
    record UseCoupon(@TargetAggregateIdentifier CouponId couponId, PaymentId paymentId, OrderId orderId, CustomerId customerId, Money price,
            Money discount, Instant requestedAt) implements CouponCommand {
        public UseCoupon {
            Require.present("coupon", couponId);
            Require.present("payment", paymentId);
            Require.present("order", orderId);
            Require.present("customer", customerId);
            Require.that(!Require.present("price", price).isNegative(), "price", "must not be negative");
            Require.that(!Require.present("discount", discount).isNegative(), "discount", "must not be negative");
            Require.present("requested at", requestedAt);
        }
    }

    /**
     * Undo the use, whether it happened, may have happened or is still on its way. Answered by {@code CouponRestored} or
     * {@code CouponUseVoided}.
     */
    record RestoreCoupon(@TargetAggregateIdentifier CouponId couponId, PaymentId paymentId, OrderId orderId, Instant requestedAt)
            implements CouponCommand {
        public RestoreCoupon {
            Require.present("coupon", couponId);
            Require.present("payment", paymentId);
            Require.present("order", orderId);
            Require.present("requested at", requestedAt);
        }
    }
}
