package jangter.coupon;

import jangter.kernel.CampaignId;
import jangter.platform.http.Limited;
import jangter.platform.http.ShortWay;
import jangter.platform.messaging.Commands;
import jangter.platform.messaging.Snapshots;
import jangter.platform.security.Door;
import org.axonframework.eventhandling.EventBus;
import org.axonframework.eventsourcing.SnapshotTriggerDefinition;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;

/** The coupon service, as the launcher and the tests take it in. */
@Configuration(proxyBeanMethods = false)
@ComponentScan
public class CouponService {

    /** What the service is called: its database, its processing groups and {@code ./run} know it by this. */
    public static final String NAME = "coupon";

    /** Where customers come for coupons. */
    static final String COUPONS = "/campaigns/{id}/coupons";

    private static final int MORE_SELDOM = 50;

    @Bean
    Limited couponIssue() {
        return new Limited("coupon-issue", HttpMethod.POST, COUPONS);
    }

    /** Who comes for a coupon comes in a rush. */
    @Bean
    ShortWay<IssuedCoupon> couponClaims(CampaignController campaigns) {
        return new ShortWay<>(HttpMethod.POST, COUPONS, IssuedCoupon.class,
                (sent, caller, attempt) -> campaigns.issue(caller, attempt, new CampaignId(sent.path().get("id"))));
    }

    /** What campaigns there are may be seen by anyone. */
    @Bean
    Door posters() {
        return Door.openToRead("/campaigns/**");
    }

    /** A campaign remembers each customer, so its snapshots are large and taken seldom. In a rush its events are few, and as quick to read as a snapshot. */
    @Bean
    SnapshotTriggerDefinition campaignSnapshots(Snapshots snapshots, @Value("${jangter.messaging.snapshot-every:200}") int usual) {
        return snapshots.everyOfLarge(MORE_SELDOM * usual);
    }

    @Bean
    FirstEvents firstEvents(EventBus events) {
        return (issued, onBehalf) -> events.publish(Coupon.first(issued, onBehalf));
    }

    @Bean
    OthersFirst othersFirst(@Value("${jangter.coupon.beside-others:100}") int aSecond) {
        return new OthersFirst(aSecond, System::nanoTime);
    }

    /** Many coupons may be claimed by one command, so the service that sends it stands in its meta-data, and each customer in the events. */
    @Bean
    CouponDrop couponDrop(Commands commands) {
        return new CouponDrop(commands.inTheNameOf(NAME)::send);
    }
}
