package jangter.coupon;

import jangter.platform.http.Limited;
import jangter.platform.messaging.Commands;
import jangter.platform.security.Door;
import org.axonframework.eventsourcing.EventCountSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.SnapshotTriggerDefinition;
import org.axonframework.eventsourcing.Snapshotter;
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

    @Bean
    Limited couponIssue() {
        return new Limited("coupon-issue", HttpMethod.POST, "/campaigns/{id}/coupons");
    }

    /** What campaigns there are may be seen by anyone. */
    @Bean
    Door posters() {
        return Door.openToRead("/campaigns/**");
    }

    /** A campaign tells an event for each coupon and remembers each customer, so its snapshots are large and taken seldom. */
    @Bean
    SnapshotTriggerDefinition campaignSnapshots(Snapshotter snapshotter, @Value("${jangter.messaging.snapshot-every:200}") int usual) {
        return new EventCountSnapshotTriggerDefinition(snapshotter, 10 * usual);
    }

    /** Many coupons may be claimed by one command, so the service that sends it stands in its meta-data, and each customer in the events. */
    @Bean
    CouponDrop couponDrop(Commands commands) {
        return new CouponDrop(commands.inTheNameOf(NAME)::send);
    }
}
